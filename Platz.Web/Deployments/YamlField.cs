using System.Text.Json.Nodes;
using Platz.Core.Values;

namespace Platz.Web.Deployments;

/// <summary>A text area of YAML: what was typed, and what it says or where it is wrong.</summary>
/// <param name="text">The very text that <paramref name="start"/> was typed as, comments and all; null writes one.</param>
public sealed class YamlField(JsonObject start, string? text = null)
{
    private readonly string _startText = text ?? Write(start);

    /// <summary>Changed by whoever types, and by <see cref="Show(string)"/>.</summary>
    public string Text { get; private set; } = text ?? Write(start);

    public JsonObject? Value { get; private set; } = start;

    /// <summary>Rises when a text is shown that nobody typed here.</summary>
    public int Shown { get; private set; }

    /// <summary>Where it cannot be read.</summary>
    public YamlResult.Invalid? Error { get; private set; }

    /// <summary>What the server has against it.</summary>
    public string? Refusal { get; set; }

    public bool IsTouched => Text != _startText;

    public string? Message =>
        Error is { } error ? $"Line {error.Line}, column {error.Column}: {error.Message}" : Refusal;

    public void Type(string text)
    {
        (Text, Refusal) = (text, null);
        (Value, Error) = YamlText.ParseObject(text) switch
        {
            YamlResult.Parsed parsed => (parsed.Value, null),
            YamlResult.Invalid invalid => ((JsonObject?)null, invalid),
            _ => (null, null),
        };
    }

    /// <summary>Comments count: they are kept with the values.</summary>
    public bool DiffersFrom(JsonObject stored, string? storedText) =>
        Text != (storedText ?? Write(stored)) || !JsonNode.DeepEquals(Value, stored);

    /// <summary>Puts a text in place of what was typed.</summary>
    public void Show(JsonObject value) => Show(Write(value));

    public void Show(string text)
    {
        Type(text);
        Shown++;
    }

    private static string Write(JsonObject value) => value.Count == 0 ? "" : YamlText.Write(value);
}
