namespace Platz.Core.Charts.Extensions;

/// <summary><c>actions.yaml</c>, a list; or in the legacy form a mapping with <c>schema_version</c>.</summary>
internal static class ActionReader
{
    private const string Version = "platz.io/v1beta1";

    public static IReadOnlyList<ChartAction> Read(SourceNode root)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        return [.. Specs(root).Select(spec => ReadSpec(spec, ids))];
    }

    public static HttpTarget ReadTarget(SourceMap target)
    {
        NeedIngress(target);
        return new HttpTarget(NeedPath(target), target.NeedChoice<HttpVerb>("method"));
    }

    public static void NeedIngress(SourceMap target)
    {
        if (target.NeedText("endpoint") is not "standard_ingress" and var endpoint)
        {
            throw target.Need("endpoint").Broken(
                $"\"endpoint\" must be standard_ingress, not \"{ChartPath.Shown(endpoint)}\".");
        }
    }

    public static string NeedPath(SourceMap target)
    {
        var path = target.NeedText("path");
        return TargetPath.Problem(path) is { } problem
            ? throw target.Need("path").Broken($"The path \"{ChartPath.Shown(path)}\" {problem}.")
            : path;
    }

    private static IEnumerable<SourceMap> Specs(SourceNode root)
    {
        if (root is SourceMap legacy && legacy.Has("schema_version"))
        {
            return legacy.FindNumber("schema_version") is 1
                ? legacy.NeedMaps("actions")
                : throw legacy.Need("schema_version").Broken("\"schema_version\" must be 1.");
        }

        return root.AsList("The file").Select(item =>
        {
            var action = item.AsMap("Each action");
            action.NeedHeader("Action", Version);
            return action.NeedMap("spec");
        });
    }

    private static ChartAction ReadSpec(SourceMap spec, HashSet<string> ids)
    {
        var id = spec.NeedName("id");
        if (!ids.Add(id))
        {
            throw spec.Need("id").Broken($"The action \"{ChartPath.Shown(id)}\" is there twice.");
        }

        return new ChartAction
        {
            Id = id,
            Title = spec.NeedText("title"),
            Description = spec.NeedText("description"),
            AllowedRole = spec.NeedChoice<ActionRole>("allowed_role"),
            AllowedOnStatuses = spec.FindTexts("allowed_on_statuses"),
            FontawesomeIcon = spec.FindText("fontawesome_icon"),
            Dangerous = spec.FindFlag("dangerous"),
            Target = ReadTarget(spec),
            Form = spec.Find("ui_schema") is { } form ? ValuesUiReader.Read(form, FormHeader.Optional) : null,
        };
    }
}
