namespace Platz.Web.Activity;

/// <summary>One line of a <see cref="FilterPick"/>.</summary>
/// <param name="Value">As it stands in the address.</param>
/// <param name="Detail">Tells namesakes apart.</param>
public sealed record FilterChoice(string Value, string Text, string? Detail = null, string? Glyph = null);
