namespace Platz.Core.Values;

/// <summary>
/// The values of a deployment cannot be built: what its chart asks for and what was typed do not go together. The
/// message is for the person who deploys.
/// </summary>
public sealed class ValuesException(string message) : Exception(message);
