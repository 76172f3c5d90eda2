using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Platz.Sandbox.Store.Admission;

/// <summary>The checks people really run into; a refused object is a 422 that names each field.</summary>
internal static partial class Validation
{
    private const string LabelRule = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or "
        + "'-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for "
        + "validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    private const string SubdomainRule = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric "
        + "characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex "
        + "used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    private const string KeyRule = "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. "
        + "'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

    public static void Check(ResourceType type, JsonObject json, JsonObject? old)
    {
        var errors = new List<FieldError>();
        if (old is null)
        {
            CheckName(type, json.Name, errors);
        }

        CheckFields(type, json, old, errors);
        if (errors.Count > 0)
        {
            throw ApiException.Invalid(type, json.Name, errors);
        }
    }

    private static void CheckFields(ResourceType type, JsonObject json, JsonObject? old, List<FieldError> errors)
    {
        switch (type.Kind)
        {
            case "Secret":
                CheckKeys(json.Object("data"), "data", errors);
                CheckBase64(json.Object("data"));
                CheckSecretType(json, old, errors);
                break;
            case "ConfigMap":
                CheckKeys(json.Object("data"), "data", errors);
                CheckKeys(json.Object("binaryData"), "binaryData", errors);
                break;
            case "RoleBinding" or "ClusterRoleBinding":
                CheckRoleRef(json, old, errors);
                break;
            case "Pod":
                WorkloadValidation.PodSpec(json.Object("spec"), "spec", errors);
                break;
            case "Deployment" or "ReplicaSet" or "StatefulSet" or "DaemonSet" or "Job":
                WorkloadValidation.Check(type, json, old, errors);
                break;
            case "Service" when json.Text("spec", "type") != "ExternalName":
                WorkloadValidation.Ports(json, errors);
                break;
        }

    }

    private static void CheckName(ResourceType type, string name, List<FieldError> errors)
    {
        if (name.Length == 0)
        {
            errors.Add(FieldError.Required("metadata.name", "name or generateName is required"));
            return;
        }

        if (type.Group == ResourceTypes.Roles.Group)
        {
            return; // RBAC names may hold colons
        }

        var isLabel = type == ResourceTypes.Namespaces || type == ResourceTypes.Services;
        if (!(isLabel ? Label : Subdomain).IsMatch(name))
        {
            errors.Add(FieldError.Invalid("metadata.name", $"\"{name}\"", isLabel ? LabelRule : SubdomainRule));
        }
        else if (name.Length > (isLabel ? 63 : 253))
        {
            errors.Add(FieldError.Invalid("metadata.name", $"\"{name}\"",
                $"must be no more than {(isLabel ? 63 : 253)} characters"));
        }
    }

    private static void CheckKeys(JsonObject? data, string field, List<FieldError> errors)
    {
        foreach (var key in (data ?? []).Select(pair => pair.Key).Where(key => !ConfigKey.IsMatch(key)))
        {
            errors.Add(FieldError.Invalid($"{field}[{key}]", $"\"{key}\"", KeyRule));
        }
    }

    private static void CheckBase64(JsonObject? data)
    {
        foreach (var text in (data ?? []).Select(pair => pair.Value.Text() ?? ""))
        {
            if (!Convert.TryFromBase64String(text, new byte[text.Length], out _))
            {
                var at = text.TakeWhile(letter => char.IsAsciiLetterOrDigit(letter) || letter is '+' or '/').Count();
                throw ApiException.BadRequest("Secret in version \"v1\" cannot be handled as a Secret: illegal base64 "
                    + $"data at input byte {at}");
            }
        }
    }

    private static void CheckSecretType(JsonObject json, JsonObject? old, List<FieldError> errors)
    {
        var type = json.Text("type");
        if (old is not null && old.Text("type") != type)
        {
            errors.Add(FieldError.Invalid("type", $"\"{type}\"", "field is immutable"));
        }

        string[] required = type switch
        {
            "kubernetes.io/basic-auth" => ["username", "password"],
            "kubernetes.io/tls" => ["tls.crt", "tls.key"],
            "kubernetes.io/dockerconfigjson" => [".dockerconfigjson"],
            _ => [],
        };
        errors.AddRange(required.Where(key => json.At("data", key) is null)
            .Select(key => FieldError.Required($"data[{key}]")));
    }

    private static void CheckRoleRef(JsonObject json, JsonObject? old, List<FieldError> errors)
    {
        if (json.Text("roleRef", "name") is null)
        {
            errors.Add(FieldError.Required("roleRef.name"));
        }

        if (old is not null && !old["roleRef"].SameAs(json["roleRef"]))
        {
            var role = $"rbac.RoleRef{{APIGroup:\"{json.Text("roleRef", "apiGroup")}\", "
                + $"Kind:\"{json.Text("roleRef", "kind")}\", Name:\"{json.Text("roleRef", "name")}\"}}";
            errors.Add(FieldError.Invalid("roleRef", role, "cannot change roleRef"));
        }
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")]
    private static partial Regex Label { get; }

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")]
    private static partial Regex Subdomain { get; }

    [GeneratedRegex("^[-._a-zA-Z0-9]+$")]
    private static partial Regex ConfigKey { get; }
}
