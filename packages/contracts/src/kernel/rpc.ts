import type { Static, TSchema } from '@sinclair/typebox'

/** A question one service asks another over NATS request/reply. */
export interface RpcContract<Q extends TSchema = TSchema, A extends TSchema = TSchema> {
  /** `rpc.<service that answers>.<name>` */
  subject: string
  request: Q
  reply: A
}

export const rpc = <Q extends TSchema, A extends TSchema>(contract: RpcContract<Q, A>): RpcContract<Q, A> => contract

export type RequestOf<R extends RpcContract> = Static<R['request']>
export type ReplyOf<R extends RpcContract> = Static<R['reply']>
