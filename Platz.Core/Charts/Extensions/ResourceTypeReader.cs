namespace Platz.Core.Charts.Extensions;

/// <summary><c>resources.yaml</c>: a list of the types of things that a deployment manages for others.</summary>
internal static class ResourceTypeReader
{
    private const string Version = "platz.io/v1beta1";

    public static IReadOnlyList<ChartResourceType> Read(SourceNode root)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        return [.. root.AsList("The file").Select(item => ReadType(item.AsMap("Each resource type"), keys))];
    }

    private static ChartResourceType ReadType(SourceMap type, HashSet<string> keys)
    {
        type.NeedHeader("ResourceType", Version);
        var key = type.NeedName("key");
        if (!keys.Add(key))
        {
            throw type.Need("key").Broken($"The resource type \"{ChartPath.Shown(key)}\" is there twice.");
        }

        var spec = type.NeedMap("spec");
        var lifecycle = spec.FindMap("lifecycle");
        return new ChartResourceType
        {
            Key = key,
            NameSingular = spec.NeedText("name_singular"),
            NamePlural = spec.NeedText("name_plural"),
            FontawesomeIcon = spec.NeedText("fontawesome_icon"),
            Global = spec.FindFlag("global"),
            Form = ValuesUiReader.Read(spec.Need("values_ui"), FormHeader.None),
            Create = Action(lifecycle, "create"),
            Update = Action(lifecycle, "update"),
            Delete = Action(lifecycle, "delete"),
        };
    }

    private static LifecycleAction? Action(SourceMap? lifecycle, string name) =>
        lifecycle?.FindMap(name) is { } action
            ? new LifecycleAction(
                action.FindChoice<ActionRole>("allowed_role"),
                action.FindMap("target") is { } target ? ActionReader.ReadTarget(target) : null)
            : null;
}
