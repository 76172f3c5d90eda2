using System.Text.Json.Nodes;

namespace Platz.Core.Charts.Extensions;

/// <summary>
/// What is kept and served of a chart's extensions: always the newest format, whichever the chart was written in, in
/// the shapes that clients of the existing API were generated from.
/// </summary>
public static class ChartSchemaJson
{
    private const string First = "platz.io/v1beta1";
    private const string Second = "platz.io/v1beta2";

    /// <summary>Fills the columns of a chart.</summary>
    public static void Write(Chart chart, ChartSchema schema)
    {
        chart.ValuesUi = schema.ValuesUi is { } form ? FormJson.Write(form, First) : null;
        chart.ActionsSchema = schema.Actions is [] ? null : [.. schema.Actions.Select(Action)];
        chart.Features = Features(schema.Features);
        chart.ResourceTypes = schema.ResourceTypes is [] ? null : [.. schema.ResourceTypes.Select(ResourceType)];
        chart.ReinstallDependencies = schema.Features.ReinstallDependencies;
    }

    /// <summary>Leaves nothing of a chart that cannot be read.</summary>
    public static void Clear(Chart chart)
    {
        chart.ValuesUi = null;
        chart.ActionsSchema = null;
        chart.Features = null;
        chart.ResourceTypes = null;
        chart.ReinstallDependencies = true;
    }

    internal static ChartSchema Read(Chart chart)
    {
        var form = Column(chart.ValuesUi, "values_ui") is { } valuesUi
            ? ValuesUiReader.Read(valuesUi, FormHeader.Optional)
            : null;
        return new ChartSchema(
            form,
            Column(chart.ActionsSchema, "actions_schema") is { } actions ? ActionReader.Read(actions) : [],
            Column(chart.Features, "features") is { } features
                ? FeaturesReader.Read(features, form, headerless: true)
                : ChartFeatures.Default,
            Column(chart.ResourceTypes, "resource_types") is { } types ? ResourceTypeReader.Read(types) : []);
    }

    private static SourceNode? Column(JsonNode? json, string name) =>
        json is null ? null : SourceNode.From(json, name);

    private static JsonObject Action(ChartAction action) => new()
    {
        ["apiVersion"] = First,
        ["kind"] = "Action",
        ["spec"] = new JsonObject
        {
            ["id"] = action.Id,
            ["title"] = action.Title,
            ["description"] = action.Description,
            ["allowed_role"] = action.AllowedRole.ToString(),
            ["allowed_on_statuses"] = Texts(action.AllowedOnStatuses),
            ["fontawesome_icon"] = action.FontawesomeIcon,
            ["dangerous"] = action.Dangerous,
            ["endpoint"] = "standard_ingress",
            ["path"] = action.Target.Path,
            ["method"] = action.Target.Method.ToString(),
            ["ui_schema"] = action.Form is { } form ? FormJson.Write(form, version: null) : null,
        },
    };

    private static JsonObject Features(ChartFeatures features) => new()
    {
        ["apiVersion"] = Second,
        ["kind"] = "Features",
        ["spec"] = new JsonObject
        {
            ["ingress"] = new JsonObject
            {
                ["enabled"] = features.Ingress,
                ["hostname_format"] = features.HostnameFormat.ToString(),
            },
            ["status"] = features.Status is { } status
                ? new JsonObject
                {
                    ["endpoint"] = "standard_ingress",
                    ["path"] = status.Path,
                    ["refresh_interval_secs"] = status.RefreshIntervalSeconds,
                }
                : null,
            ["cardinality"] = features.Cardinality.ToString(),
            ["reinstall_dependencies"] = features.ReinstallDependencies,
            ["node_selector_paths"] = new JsonArray([.. features.NodeSelectorPaths.Select(Texts)]),
            ["tolerations_paths"] = new JsonArray([.. features.TolerationsPaths.Select(Texts)]),
            ["display"] = Display(features),
        },
    };

    private static JsonObject Display(ChartFeatures features) => new()
    {
        ["name"] = features.DisplayNameInput is { } input
            ? new JsonObject { ["InputField"] = new JsonObject { ["name"] = input } }
            : "DeploymentName",
        ["icon"] = features.FontawesomeIcon is { } icon ? new JsonObject { ["font_awesome"] = icon } : null,
    };

    private static JsonObject ResourceType(ChartResourceType type) => new()
    {
        ["apiVersion"] = First,
        ["kind"] = "ResourceType",
        ["key"] = type.Key,
        ["spec"] = new JsonObject
        {
            ["name_singular"] = type.NameSingular,
            ["name_plural"] = type.NamePlural,
            ["fontawesome_icon"] = type.FontawesomeIcon,
            ["global"] = type.Global,
            ["values_ui"] = FormJson.Write(type.Form, version: null),
            ["lifecycle"] = new JsonObject
            {
                ["create"] = Lifecycle(type.Create),
                ["update"] = Lifecycle(type.Update),
                ["delete"] = Lifecycle(type.Delete),
            },
        },
    };

    private static JsonObject? Lifecycle(LifecycleAction? action) => action is null
        ? null
        : new JsonObject
        {
            ["allowed_role"] = action.AllowedRole?.ToString(),
            ["target"] = action.Target is { } target
                ? new JsonObject
                {
                    ["endpoint"] = "standard_ingress",
                    ["path"] = target.Path,
                    ["method"] = target.Method.ToString(),
                }
                : null,
        };

    private static JsonArray Texts(IReadOnlyList<string> texts) =>
        new([.. texts.Select(text => (JsonNode?)JsonValue.Create(text))]);
}
