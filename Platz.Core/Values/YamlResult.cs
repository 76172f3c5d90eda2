using System.Text.Json.Nodes;

namespace Platz.Core.Values;

/// <summary>What became of a YAML text: its values, or the one place where it cannot be read and why.</summary>
public abstract record YamlResult
{
    private YamlResult()
    {
    }

    public sealed record Parsed(JsonObject Value) : YamlResult;

    /// <summary>Line and column count from 1; the message is for the person who typed the text.</summary>
    public sealed record Invalid(int Line, int Column, string Message) : YamlResult;
}
