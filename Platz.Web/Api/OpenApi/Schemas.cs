using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Platz.Core.Audit;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Resources;
using Platz.Core.Tasks;
using Platz.Web.Api.V2;

namespace Platz.Web.Api.OpenApi;

/// <summary>
/// The named schemas of the document. What is answered by a record has that record's, read from how it is written; what
/// is JSON in the code has one that is written down here.
/// </summary>
internal sealed class Schemas
{
    private const string Suffix = "Response";

    /// <summary>What the type of a field does not say.</summary>
    private static readonly Dictionary<(Type, string), Func<JsonObject>> s_said = new()
    {
        [(typeof(DeploymentTaskResponse), "operation")] = () => Shape.Ref("DeploymentTaskOperation"),
        [(typeof(DeploymentTaskResponse), "status")] = Shape.OneOf<DeploymentTaskStatus>,
        [(typeof(DeploymentResponse), "status")] = Shape.OneOf<DeploymentStatus>,
        [(typeof(DeploymentResponse), "config")] = Shape.Json,
        [(typeof(DeploymentResponse), "values_override")] = Shape.Json,
        [(typeof(DeploymentResourceResponse), "sync_status")] = Shape.OneOf<ResourceSyncStatus>,
        [(typeof(EnvUserPermissionResponse), "role")] = Shape.OneOf<EnvRole>,
        [(typeof(EnvBotPermissionResponse), "role")] = Shape.OneOf<EnvRole>,
        [(typeof(DeploymentPermissionResponse), "role")] = Shape.OneOf<KindRole>,
        [(typeof(DeploymentBotPermissionResponse), "role")] = Shape.OneOf<KindRole>,
        [(typeof(AuditEventResponse), "actor_kind")] = Shape.OneOf<AuditActorKind>,
        [(typeof(AuditEventResponse), "outcome")] = Shape.OneOf<AuditOutcome>,
        [(typeof(ReportedSummaryResponse), "color")] = () => Shape.OneOf(Colors),
        [(typeof(ReportedMetricResponse), "color")] = () => Shape.OneOf(Colors),
        [(typeof(ReportedNoticeResponse), "level")] = Shape.OneOf<NoticeLevel>,
    };

    private readonly SortedDictionary<string, JsonNode> _components = new(StringComparer.Ordinal)
    {
        ["DeploymentTaskOperation"] = TaskOperation(),
        ["JsonDiff"] = new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = new JsonObject
            {
                ["type"] = "array",
                ["items"] = Shape.Json(),
                ["minItems"] = 2,
                ["maxItems"] = 2,
            },
        },
        ["Problem"] = Problem(),
    };

    public JsonObject Components => new(_components.Select(c => KeyValuePair.Create<string, JsonNode?>(c.Key, c.Value)));

    private static IEnumerable<string> Colors => Enum.GetNames<ReportedColor>().Select(name => name.ToLowerInvariant());

    /// <summary>A reference to the schema of what this record is written as.</summary>
    public JsonObject Of(Type type)
    {
        if (type == typeof(MeAnswer))
        {
            return MeAnswer.Schema(this);
        }

        var name = type.Name.EndsWith(Suffix, StringComparison.Ordinal) ? type.Name[..^Suffix.Length] : type.Name;
        if (!_components.ContainsKey(name))
        {
            _components[name] = JsonSchemaExporter.GetJsonSchemaAsNode(ApiJson.Default.GetTypeInfo(type)!, new()
            {
                TreatNullObliviousAsNonNullable = true,
                TransformSchemaNode = Transform,
            });
        }

        return Shape.Ref(name);
    }

    private static JsonNode Transform(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (context.PropertyInfo is { } property
            && s_said.TryGetValue((property.DeclaringType, property.Name), out var said))
        {
            return property.IsGetNullable ? Shape.OrNull(said()) : said();
        }

        var type = context.TypeInfo.Type;
        if ((Nullable.GetUnderlyingType(type) ?? type) == typeof(DateTimeOffset))
        {
            return type == typeof(DateTimeOffset) ? Shape.Time() : Shape.OrNull(Shape.Time());
        }

        if (context.TypeInfo.Kind is JsonTypeInfoKind.Object && schema["properties"] is JsonObject fields)
        {
            schema["required"] = new JsonArray([.. fields.Select(f => (JsonNode)f.Key)]); // null is written too
        }

        return schema;
    }

    private static JsonObject TaskOperation()
    {
        var (id, text, json, diff) = (Shape.Id(), Shape.Text(), Shape.Json(), Shape.OrNull(Shape.Ref("JsonDiff")));
        return new JsonObject
        {
            ["oneOf"] = new JsonArray(
                One("Install", ("helm_chart_id", id), ("config_inputs", json), ("values_override", json)),
                One("Upgrade", ("helm_chart_id", id), ("prev_helm_chart_id", Shape.OrNull(Shape.Id())),
                    ("config_inputs", json), ("config_delta", diff), ("values_override", json)),
                One("Reinstall", ("reason", text)),
                One("Recreate", ("old_cluster_id", id), ("old_namespace", text),
                    ("new_cluster_id", id), ("new_namespace", text)),
                One("Uninstall"),
                One("InvokeAction", ("helm_chart_id", id), ("action_id", text), ("body", json)),
                One("RestartK8sResource", ("resource_id", id), ("resource_name", text))),
        };

        static JsonObject One(string name, params (string Name, JsonObject Schema)[] fields) =>
            Shape.Of((name, Shape.Of([.. fields.Select(f => (f.Name, f.Schema.DeepClone().AsObject()))])));
    }

    private static JsonObject Problem() => Shape.Of(
        [
            ("type", Shape.Text()), ("title", Shape.Text()), ("status", Shape.Number()), ("detail", Shape.Text()),
            ("message", Shape.Text()), ("trace_id", Shape.Text()),
            ("errors", new JsonObject { ["type"] = "object", ["additionalProperties"] = Shape.List(Shape.Text()) }),
        ],
        ["type", "title", "status", "detail", "message"]);
}

/// <summary>Stands for the answer of <c>/auth/me</c>: one key, which names the kind of identity.</summary>
internal sealed class MeAnswer
{
    public static JsonObject Schema(Schemas schemas) => new()
    {
        ["oneOf"] = new JsonArray(
            Shape.Of(("User", schemas.Of(typeof(UserResponse)))),
            Shape.Of(("Bot", schemas.Of(typeof(BotResponse)))),
            Shape.Of(("Deployment", Shape.Of(("id", Shape.Id()), ("name", Shape.Text()))))),
    };
}
