namespace Platz.Core.Charts.Extensions;

/// <summary><c>features.yaml</c> of v1beta2 and v1beta1, and the legacy JSON, which is v1beta1's spec alone.</summary>
internal static class FeaturesReader
{
    private const string First = "platz.io/v1beta1";
    private const string Second = "platz.io/v1beta2";

    /// <param name="form">Has the input that may be shown instead of the name.</param>
    /// <param name="headerless">Whether a file without header is the legacy form, and not one that lacks it.</param>
    public static ChartFeatures Read(SourceNode root, ValuesUi? form, bool headerless)
    {
        var map = root.AsMap("The file");
        if (headerless && !map.Has("apiVersion") && !map.Has("kind"))
        {
            return ReadCommon(map) with { Ingress = map.FindFlag("standard_ingress") };
        }

        var version = map.NeedHeader("Features", First, Second);
        var spec = map.NeedMap("spec");
        return version is First
            ? ReadCommon(spec) with { Ingress = spec.FindFlag("standard_ingress") }
            : ReadSecond(spec, form);
    }

    private static ChartFeatures ReadSecond(SourceMap spec, ValuesUi? form)
    {
        var ingress = spec.FindMap("ingress");
        var display = spec.FindMap("display");
        display?.RefuseOthers("name", "icon");
        var icon = display?.FindMap("icon");
        icon?.RefuseOthers("font_awesome");
        return ReadCommon(spec) with
        {
            Ingress = ingress?.Need("enabled").AsFlag("\"enabled\"") ?? false,
            HostnameFormat = ingress?.FindChoice<HostnameFormat>("hostname_format") ?? HostnameFormat.KindAndName,
            DisplayNameInput = display?.Find("name") is { } name ? NameInput(name, form) : null,
            FontawesomeIcon = icon?.NeedText("font_awesome"),
        };
    }

    private static ChartFeatures ReadCommon(SourceMap spec) => new()
    {
        Status = spec.FindMap("status") is { } status ? ReadStatus(status) : null,
        Cardinality = spec.FindChoice<Cardinality>("cardinality") ?? Cardinality.Many,
        ReinstallDependencies = spec.FindFlag("reinstall_dependencies", otherwise: true),
        NodeSelectorPaths = Paths(spec, "node_selector_paths"),
        TolerationsPaths = Paths(spec, "tolerations_paths"),
    };

    private static StatusEndpoint ReadStatus(SourceMap status)
    {
        ActionReader.NeedIngress(status);
        var interval = status.Need("refresh_interval_secs");
        var seconds = interval is SourceScalar { Value: long whole } ? whole : -1;
        return seconds is >= 0 and <= int.MaxValue
            ? new StatusEndpoint(ActionReader.NeedPath(status), (int)seconds)
            : throw interval.Broken("\"refresh_interval_secs\" must be a whole number of seconds.");
    }

    private static IReadOnlyList<IReadOnlyList<string>> Paths(SourceMap spec, string key) =>
        [.. spec.FindList(key).Select(path => Path(path.AsList($"Each item of \"{key}\""), key))];

    private static IReadOnlyList<string> Path(IReadOnlyList<SourceNode> steps, string key) =>
        [.. steps.Select(step => step.AsText($"Each step of \"{key}\""))];

    private static string? NameInput(SourceNode name, ValuesUi? form)
    {
        if (name is SourceScalar { Value: "DeploymentName" })
        {
            return null;
        }

        if (name is not SourceMap choice)
        {
            throw name.Broken("\"name\" must be DeploymentName, or InputField with the name of an input.");
        }

        choice.RefuseOthers("InputField");
        var field = choice.NeedMap("InputField");
        field.RefuseOthers("name");
        var input = field.NeedName("name");
        return form?.Find(input) is not null
            ? input
            : throw field.Need("name").Broken($"There is no input \"{ChartPath.Shown(input)}\" in the chart's form.");
    }
}
