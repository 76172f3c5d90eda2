using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Platz.Core.Tasks;
using Platz.Core.Values;
using Platz.Tests.Core.Tasks;

namespace Platz.Tests.Core.Explain;

/// <summary>A real failure as a task keeps it, and what it should be recognised as.</summary>
internal sealed record RealOutput(string Failure, string From, string Reason, IReadOnlyList<TaskLogLine> Log)
{
    private const string OnlyATimeout = "Error: context deadline exceeded";

    /// <summary>What the recorded runs of Helm against a real API server (Core/Tasks/helm-transcripts.json) are.</summary>
    private static readonly Dictionary<string, string?> s_recorded = new()
    {
        ["immutable selector"] = "immutable",
        ["not ready in time: crash loop"] = "timed-out",
        ["not ready in time: image missing"] = "timed-out",
        ["existing resource conflict on install"] = "ownership",
        ["template error: nil pointer"] = "nil-pointer",
        ["template error: parse"] = "template-syntax",
        ["template error: yaml"] = "yaml-error",
        ["required value missing"] = "chart-refuses",
        ["values schema violated"] = "values-schema",
        ["kind not known to the cluster"] = "missing-crd",
        ["unknown field"] = "unknown-field",
        ["cluster too old for the chart"] = "kubernetes-version",
        ["registry unreachable"] = "registry-unreachable",
        ["chart path missing"] = null, // the chart comes from a registry: this cannot happen
        ["forbidden"] = "forbidden",
        ["cluster unreachable"] = "cluster-unreachable",
        ["release locked by a killed run"] = "release-locked",
        ["interrupted with SIGTERM"] = "helm-killed",
        ["uninstall of nothing"] = "release-not-found",
        ["hook job failed"] = "hook-failed",
    };

    public IReadOnlyDictionary<string, string> Facts { get; private init; } = new Dictionary<string, string>();

    public static IReadOnlyList<RealOutput> All { get; } = [.. FromFile(), .. Recorded()];

    public static TaskLogLine Line(long seq, string text, LogStream stream = LogStream.Pod) => new()
    {
        TaskId = Guid.Empty,
        Seq = seq,
        At = DateTimeOffset.UnixEpoch,
        Phase = Phase.HelmUpgrade,
        Stream = stream,
        Text = text,
        BytesBefore = 0,
    };

    public override string ToString() => $"{Failure}, from {From}";

    private static IEnumerable<RealOutput> Recorded() =>
        from run in Transcripts.Failed
        where s_recorded[run.Case] is not null
        select OfHelm(s_recorded[run.Case]!, $"the recording '{run.Case}' of helm {run.Helm}", run.Log);

    private static IEnumerable<RealOutput> FromFile()
    {
        var table = Assert.IsType<YamlResult.Parsed>(YamlText.ParseObject(File.ReadAllText(Beside("outputs.yaml"))));
        return table.Value["outputs"]!.AsArray().Select(entry => Read(entry!.AsObject()));
    }

    private static RealOutput Read(JsonObject entry)
    {
        var (failure, from) = ((string)entry["failure"]!, (string)entry["from"]!);
        var output = entry switch
        {
            _ when (string?)entry["helm"] is { } helm => OfHelm(failure, from, helm),
            _ when (string?)entry["reason"] is { } reason => new RealOutput(failure, from, reason.TrimEnd(), []),
            _ => new RealOutput(failure, from, OnlyATimeout, Lines((string)entry["notes"]!, LogStream.Platz)),
        };
        var facts = entry["facts"]?.AsObject().ToDictionary(f => f.Key, f => (string)f.Value!);
        return output with { Facts = facts ?? [] };
    }

    private static RealOutput OfHelm(string failure, string from, string log) => new(
        failure, from, ErrorSummary.Of(log.Split('\n'), new HelmExit(1, "Error")), Lines(log, LogStream.Pod));

    private static List<TaskLogLine> Lines(string text, LogStream stream) =>
        [.. text.TrimEnd().Split('\n').Select((line, i) => Line(i + 1, line, stream))];

    private static string Beside(string file, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, file);
}
