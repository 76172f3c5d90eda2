using System.Text.Json.Nodes;
using Platz.Core.Values;

namespace Platz.Core.Explain;

/// <summary>The table of known failures, the most telling first; it stands in <c>known-failures.yaml</c>.</summary>
public static class KnownFailures
{
    private const string File = "known-failures.yaml";

    private static readonly Lazy<IReadOnlyList<KnownFailure>> s_all = new(Read);

    public static IReadOnlyList<KnownFailure> All => s_all.Value;

    private static List<KnownFailure> Read()
    {
        using var reader = new StreamReader(
            typeof(KnownFailures).Assembly.GetManifestResourceStream(File)
                ?? throw new InvalidOperationException($"{File} is not part of the assembly."));
        return YamlText.ParseObject(reader.ReadToEnd()) switch
        {
            YamlResult.Parsed { Value: var table } => [.. table["failures"]!.AsArray().Select(f => Failure(f!.AsObject()))],
            YamlResult.Invalid wrong => throw new InvalidOperationException($"{File}, line {wrong.Line}: {wrong.Message}"),
            _ => throw new InvalidOperationException($"{File} cannot be read."),
        };
    }

    private static KnownFailure Failure(JsonObject entry) => new(
        Text(entry["name"]), Text(entry["title"]), Text(entry["meaning"]),
        [.. entry["steps"]!.AsArray().Select(Text)], entry["general"]?.GetValue<bool>() is true,
        [.. entry["patterns"]!.AsArray().Select(pattern => new FailurePattern(Text(pattern)))]);

    private static string Text(JsonNode? node) => node!.GetValue<string>();
}
