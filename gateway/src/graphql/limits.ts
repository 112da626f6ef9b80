import { type ASTVisitor, GraphQLError, type ValidationContext } from 'graphql'

const maxFields = 300
const maxOperations = 20

/** A document asks for at most so many fields, however they are spelled: aliases and fragments count. */
export function limitFields(context: ValidationContext): ASTVisitor {
  let fields = 0
  return {
    Field() {
      fields += 1
      if (fields === maxFields + 1) context.reportError(new GraphQLError(`More than ${maxFields} fields.`))
    },
  }
}

/** At the root every field is an operation of its own, aliased or not. */
export function limitOperations(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(operation) {
      if (operation.selectionSet.selections.length > maxOperations) {
        context.reportError(new GraphQLError(`More than ${maxOperations} operations in one document.`))
      }
    },
  }
}
