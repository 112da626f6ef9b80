/** The environment of the gate's children; the gate itself reads only the path. */
export const environment: NodeJS.ProcessEnv = { ...process.env }
export const searchPath: string = process.env.PATH ?? ''
