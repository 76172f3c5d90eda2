namespace Platz.Sandbox.Store;

/// <summary>Every resource the sandbox serves.</summary>
public static class ResourceTypes
{
    private const string Rbac = "rbac.authorization.k8s.io";

    public static readonly ResourceType Namespaces = new("", "v1", "namespaces", "Namespace", false)
    {
        ShortNames = ["ns"],
        HasStatus = true,
        Verbs = ["create", "delete", "get", "list", "patch", "update", "watch"],
    };

    public static readonly ResourceType Pods = new("", "v1", "pods", "Pod", true)
    {
        ShortNames = ["po"],
        InAll = true,
        HasStatus = true,
    };

    public static readonly ResourceType Secrets = new("", "v1", "secrets", "Secret", true);
    public static readonly ResourceType ConfigMaps =
        new("", "v1", "configmaps", "ConfigMap", true) { ShortNames = ["cm"] };
    public static readonly ResourceType Events = new("", "v1", "events", "Event", true) { ShortNames = ["ev"] };

    public static readonly ResourceType Services = new("", "v1", "services", "Service", true)
    {
        ShortNames = ["svc"],
        InAll = true,
        HasStatus = true,
    };

    public static readonly ResourceType ServiceAccounts = new("", "v1", "serviceaccounts", "ServiceAccount", true)
    {
        ShortNames = ["sa"],
    };

    public static readonly ResourceType Nodes = new("", "v1", "nodes", "Node", false)
    {
        ShortNames = ["no"],
        HasStatus = true,
    };

    public static readonly ResourceType Claims = new("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", true)
    {
        ShortNames = ["pvc"],
        HasStatus = true,
    };

    public static readonly ResourceType Deployments = Workload("deployments", "Deployment", "deploy");
    public static readonly ResourceType ReplicaSets = Workload("replicasets", "ReplicaSet", "rs");
    public static readonly ResourceType StatefulSets = Workload("statefulsets", "StatefulSet", "sts");

    public static readonly ResourceType DaemonSets = new("apps", "v1", "daemonsets", "DaemonSet", true)
    {
        ShortNames = ["ds"],
        InAll = true,
        HasStatus = true,
        HasGeneration = true,
    };

    public static readonly ResourceType Jobs = new("batch", "v1", "jobs", "Job", true)
    {
        InAll = true,
        HasStatus = true,
        HasGeneration = true,
    };

    public static readonly ResourceType CronJobs = new("batch", "v1", "cronjobs", "CronJob", true)
    {
        ShortNames = ["cj"],
        InAll = true,
        HasStatus = true,
        HasGeneration = true,
    };

    public static readonly ResourceType Ingresses = new("networking.k8s.io", "v1", "ingresses", "Ingress", true)
    {
        ShortNames = ["ing"],
        HasStatus = true,
        HasGeneration = true,
    };

    public static readonly ResourceType Roles = new(Rbac, "v1", "roles", "Role", true);
    public static readonly ResourceType RoleBindings = new(Rbac, "v1", "rolebindings", "RoleBinding", true);
    public static readonly ResourceType ClusterRoles = new(Rbac, "v1", "clusterroles", "ClusterRole", false);

    public static readonly ResourceType ClusterRoleBindings =
        new(Rbac, "v1", "clusterrolebindings", "ClusterRoleBinding", false);

    /// <summary>Always empty: the sandbox has no custom resources, and says so by offering only reads.</summary>
    public static readonly ResourceType CustomResourceDefinitions =
        new("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", false)
        {
            ShortNames = ["crd", "crds"],
            Verbs = ["get", "list", "watch"],
        };

    public static readonly ResourceType AccessReviews =
        new("authorization.k8s.io", "v1", "selfsubjectaccessreviews", "SelfSubjectAccessReview", false)
        {
            Verbs = ["create"],
        };

    public static readonly ResourceType AdmissionPolicies = new(
        "admissionregistration.k8s.io", "v1", "validatingadmissionpolicies", "ValidatingAdmissionPolicy", false)
    {
        HasGeneration = true,
    };

    public static readonly ResourceType AdmissionBindings = new(
        "admissionregistration.k8s.io", "v1", "validatingadmissionpolicybindings", "ValidatingAdmissionPolicyBinding", false)
    {
        HasGeneration = true,
    };

    public static readonly ResourceType SelfReviews =
        new("authentication.k8s.io", "v1", "selfsubjectreviews", "SelfSubjectReview", false) { Verbs = ["create"] };

    public static readonly IReadOnlyList<ResourceType> All =
    [
        Namespaces, Pods, Secrets, ConfigMaps, Events, Services, ServiceAccounts, Nodes, Claims,
        new("", "v1", "endpoints", "Endpoints", true) { ShortNames = ["ep"] },
        new("", "v1", "limitranges", "LimitRange", true) { ShortNames = ["limits"] },
        new("", "v1", "resourcequotas", "ResourceQuota", true) { ShortNames = ["quota"], HasStatus = true },
        new("", "v1", "persistentvolumes", "PersistentVolume", false) { ShortNames = ["pv"], HasStatus = true },
        Deployments, ReplicaSets, StatefulSets, DaemonSets,
        new("apps", "v1", "controllerrevisions", "ControllerRevision", true),
        Jobs, CronJobs,
        new("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", true)
        {
            ShortNames = ["hpa"],
            InAll = true,
            HasStatus = true,
        },
        Ingresses,
        new("networking.k8s.io", "v1", "ingressclasses", "IngressClass", false) { HasGeneration = true },
        new("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", true)
        {
            ShortNames = ["netpol"],
            HasGeneration = true,
        },
        new("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", true)
        {
            ShortNames = ["pdb"],
            HasStatus = true,
            HasGeneration = true,
        },
        Roles, RoleBindings, ClusterRoles, ClusterRoleBindings,
        new("storage.k8s.io", "v1", "storageclasses", "StorageClass", false) { ShortNames = ["sc"] },
        new("scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass", false) { ShortNames = ["pc"] },
        new("coordination.k8s.io", "v1", "leases", "Lease", true),
        CustomResourceDefinitions, AccessReviews, SelfReviews, AdmissionPolicies, AdmissionBindings,
    ];

    private static readonly Dictionary<(string, string, string), ResourceType> s_byPath =
        All.ToDictionary(type => (type.Group, type.Version, type.Plural));

    public static ResourceType? Find(string group, string version, string plural) =>
        s_byPath.GetValueOrDefault((group, version, plural));

    public static bool HasGroupVersion(string group, string version) =>
        All.Any(type => type.Group == group && type.Version == version);

    /// <summary>Finds the type an owner reference or a manifest names.</summary>
    public static ResourceType? OfKind(string? apiVersion, string? kind) =>
        All.FirstOrDefault(type => type.Kind == kind && type.ApiVersion == apiVersion);

    private static ResourceType Workload(string plural, string kind, string shortName) =>
        new("apps", "v1", plural, kind, true)
        {
            ShortNames = [shortName],
            InAll = true,
            HasStatus = true,
            HasScale = true,
            HasGeneration = true,
        };
}
