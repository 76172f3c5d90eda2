namespace Platz.Sandbox.Store;

/// <summary>One row of the resource table: how a kind is named, where it lives and which subresources it has.</summary>
public sealed class ResourceType(string group, string version, string plural, string kind, bool namespaced)
{
    public string Group => group;

    public string Version => version;

    public string Plural => plural;

    public string Kind => kind;

    public bool Namespaced => namespaced;

    public IReadOnlyList<string> ShortNames { get; init; } = [];

    /// <summary>Shown by <c>kubectl get all</c>.</summary>
    public bool InAll { get; init; }

    public bool HasStatus { get; init; }

    public bool HasScale { get; init; }

    /// <summary>Counts its spec changes in metadata.generation.</summary>
    public bool HasGeneration { get; init; }

    public IReadOnlyList<string> Verbs { get; init; } =
        ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    public string ApiVersion => group.Length == 0 ? version : $"{group}/{version}";

    /// <summary>As messages name it: <c>pods</c>, <c>deployments.apps</c>.</summary>
    public string QualifiedPlural => group.Length == 0 ? plural : $"{plural}.{group}";

    public string QualifiedKind => group.Length == 0 ? kind : $"{kind}.{group}";

    public override string ToString() => $"{ApiVersion}/{plural}";
}

/// <summary>Names one object; the namespace is empty for cluster-scoped ones.</summary>
public readonly record struct ObjectKey(ResourceType Type, string Namespace, string Name);
