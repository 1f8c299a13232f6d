"""The colleagues' door: GraphQL over HTTP."""
