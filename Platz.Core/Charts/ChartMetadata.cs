using System.Text.Json;
using System.Text.RegularExpressions;

namespace Platz.Core.Charts;

/// <summary>What Platz keeps of a Chart.yaml.</summary>
public sealed partial record ChartMetadata(string Name, string Version)
{
    public string? AppVersion { get; private init; }

    public string? Description { get; private init; }

    public string? Icon { get; private init; }

    public required IReadOnlyDictionary<string, string> Annotations { get; init; }

    public string? GitCommit => Annotations.GetValueOrDefault("platz.io/git/commit");

    public string? GitBranch => Annotations.GetValueOrDefault("platz.io/git/branch");

    public string? GitRepo => Annotations.GetValueOrDefault("platz.io/git/repo");

    public string? GitProvider => Annotations.GetValueOrDefault("platz.io/git/provider");

    /// <summary>Refuses what helm would refuse to install.</summary>
    public static ChartMetadata Parse(string chartYaml)
    {
        var (fields, annotations) = ChartYaml.Read(chartYaml);
        if (Required("apiVersion") is not "v2")
        {
            throw new BrokenChartException("Chart.yaml: apiVersion must be v2.");
        }

        if (fields.GetValueOrDefault("type") is "library")
        {
            throw new BrokenChartException("Chart.yaml: a chart of type library cannot be installed.");
        }

        return new ChartMetadata(
            Matching("name", ChartName, "a chart's name: letters, digits, and . _ - between them"),
            Matching("version", SemVer, "a semantic version like 1.2.3"))
        {
            AppVersion = fields.GetValueOrDefault("appVersion"),
            Description = fields.GetValueOrDefault("description"),
            Icon = fields.GetValueOrDefault("icon"),
            Annotations = annotations,
        };

        string Required(string field) => fields.GetValueOrDefault(field) is { Length: > 0 } text
            ? text
            : throw new BrokenChartException($"Chart.yaml: {field} is missing.");

        string Matching(string field, Regex form, string what) => Required(field) is var text && form.IsMatch(text)
            ? text
            : throw new BrokenChartException($"Chart.yaml: {field} \"{ChartPath.Shown(text)}\" is not {what}.");
    }

    /// <summary>
    /// The registry's config blob repeats Chart.yaml. Where they name different charts, what one sees is not what
    /// helm installs.
    /// </summary>
    internal void MustAgreeWith(byte[] configJson)
    {
        ChartConfigJson? config;
        try
        {
            config = JsonSerializer.Deserialize(configJson, OciJson.Default.ChartConfigJson);
        }
        catch (JsonException e)
        {
            throw new BrokenChartException("The config blob beside the archive is not JSON.", e);
        }

        if ((config?.Name ?? Name) != Name || (config?.Version ?? Version) != Version)
        {
            var claimed = ChartPath.Shown($"{config?.Name} {config?.Version}");
            throw new BrokenChartException(
                $"The config blob names {claimed}, Chart.yaml in the archive {Name} {Version}.");
        }
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9._-]{0,249}\z")]
    private static partial Regex ChartName { get; }

    // As lenient as helm: "v1.2" will do.
    [GeneratedRegex(@"\Av?[0-9]{1,18}(?:\.[0-9]{1,18}){0,2}(?:-[0-9A-Za-z.-]{1,100})?(?:\+[0-9A-Za-z.-]{1,100})?\z")]
    private static partial Regex SemVer { get; }
}
