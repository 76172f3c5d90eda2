using System.Text.Json.Nodes;

namespace Platz.Sandbox.Store.Admission;

/// <summary>Checks of pods, of what makes pods and of services.</summary>
internal static class WorkloadValidation
{
    public static void Check(ResourceType type, JsonObject json, JsonObject? old, List<FieldError> errors)
    {
        var template = json.Object("spec", "template");
        if (json.Object("spec", "selector") is not { } selector)
        {
            errors.Add(FieldError.Required("spec.selector"));
        }
        else if (template is not null && !(LabelSelector.Of(selector)?.Matches(template) ?? false))
        {
            errors.Add(FieldError.Invalid("spec.template.metadata.labels",
                GoMap(template.Object("metadata", "labels")), "`selector` does not match template `labels`"));
        }

        PodSpec(template.Object("spec"), "spec.template.spec", errors);
        var policy = template.Text("spec", "restartPolicy");
        if (type != ResourceTypes.Jobs && policy is not (null or "Always"))
        {
            errors.Add(new FieldError("FieldValueNotSupported", "spec.template.spec.restartPolicy",
                $"Unsupported value: \"{policy}\": supported values: \"Always\""));
        }

        if (type == ResourceTypes.Jobs && policy is "Always")
        {
            errors.Add(new FieldError("FieldValueNotSupported", "spec.template.spec.restartPolicy",
                "Unsupported value: \"Always\": supported values: \"OnFailure\", \"Never\""));
        }

        if (old is not null && !old.At("spec", "selector").SameAs(json.At("spec", "selector")))
        {
            errors.Add(FieldError.Invalid("spec.selector", GoSelector(json.Object("spec", "selector")),
                "field is immutable"));
        }
    }

    public static void PodSpec(JsonObject? spec, string path, List<FieldError> errors)
    {
        var containers = spec.Objects("containers").ToList();
        if (containers.Count == 0)
        {
            errors.Add(FieldError.Required($"{path}.containers"));
        }

        var volumes = spec.Objects("volumes").Select(volume => volume.Text("name")).ToHashSet();
        var names = new HashSet<string>();
        for (var index = 0; index < containers.Count; index++)
        {
            CheckContainer(containers[index], $"{path}.containers[{index}]", volumes, names, errors);
        }
    }

    public static void Ports(JsonObject service, List<FieldError> errors)
    {
        if (service.Text("spec", "clusterIP") != "None" && !service.Objects("spec", "ports").Any())
        {
            errors.Add(FieldError.Required("spec.ports"));
        }
    }

    private static void CheckContainer(
        JsonObject container, string path, HashSet<string?> volumes, HashSet<string> names, List<FieldError> errors)
    {
        var name = container.Text("name");
        if (string.IsNullOrEmpty(name))
        {
            errors.Add(FieldError.Required($"{path}.name"));
        }
        else if (!names.Add(name))
        {
            errors.Add(new FieldError("FieldValueDuplicate", $"{path}.name", $"Duplicate value: \"{name}\""));
        }

        if (string.IsNullOrEmpty(container.Text("image")))
        {
            errors.Add(FieldError.Required($"{path}.image"));
        }

        var mounts = container.Objects("volumeMounts").ToList();
        for (var index = 0; index < mounts.Count; index++)
        {
            if (!volumes.Contains(mounts[index].Text("name")))
            {
                errors.Add(new FieldError("FieldValueNotFound", $"{path}.volumeMounts[{index}].name",
                    $"Not found: \"{mounts[index].Text("name")}\""));
            }
        }
    }

    private static string GoMap(JsonObject? map) => "map[string]string{"
        + string.Join(", ", (map ?? []).OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => $"\"{pair.Key}\":\"{pair.Value.Text()}\"")) + "}";

    private static string GoSelector(JsonObject? selector) =>
        $"v1.LabelSelector{{MatchLabels:{GoMap(selector.Object("matchLabels"))}, "
        + "MatchExpressions:[]v1.LabelSelectorRequirement(nil)}";
}
