using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cel;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Http;

/// <summary>
/// ValidatingAdmissionPolicies: their CEL is evaluated, for whom their conditions fit. What of them is not evaluated here,
/// parameters for example, is refused when it is written, and never passed over.
/// </summary>
internal sealed class AdmissionPolicies(ObjectStore store)
{
    private static readonly string[] s_policyParts = ["failurePolicy", "matchConstraints", "matchConditions", "validations"];
    private static readonly string[] s_bindingParts = ["policyName", "validationActions"];

    private readonly CelEnvironment _cel = new(null, "");
    private readonly ConcurrentDictionary<string, CelProgramDelegate> _programs = new();

    public void Require(Caller caller, RequestInfo request, ResourceType type, JsonObject? json, JsonObject? old)
    {
        RequireKnown(type, json);
        var bindings = store.List(ResourceTypes.AdmissionBindings, "").Objects;
        if (bindings.Count == 0)
        {
            return;
        }

        var operation = (json, old) switch { (_, null) => "CREATE", (null, _) => "DELETE", _ => "UPDATE" };
        var variables = new Lazy<Dictionary<string, object?>>(() => Variables(caller, request, operation, (json, old)));
        foreach (var binding in bindings.Where(b => b.Json.Texts("spec", "validationActions").Contains("Deny")))
        {
            var name = binding.Json.Text("spec", "policyName") ?? "";
            if (store.Find(ResourceTypes.AdmissionPolicies, "", name)?.Json.Object("spec") is { } policy
                && policy.Objects("matchConstraints", "resourceRules").Any(rule => Fits(rule, operation, request))
                && Denial(policy, variables.Value) is var (why, reason))
            {
                throw Refusal(type, (json ?? old)!.Name, reason,
                    $"ValidatingAdmissionPolicy '{name}' with binding '{binding.Name}' denied request: {why}");
            }
        }
    }

    /// <summary>Null where nothing is said against it.</summary>
    private (string Why, string Reason)? Denial(JsonObject policy, Dictionary<string, object?> variables)
    {
        var mayFail = policy.Text("failurePolicy") == "Ignore";
        foreach (var condition in policy.Objects("matchConditions"))
        {
            switch (Holds(condition.Text("expression") ?? "", variables, out var error))
            {
                case false:
                    return null;
                case null:
                    return mayFail ? null : (error!, "Invalid");
            }
        }

        foreach (var validation in policy.Objects("validations"))
        {
            var expression = validation.Text("expression") ?? "";
            var holds = Holds(expression, variables, out var error);
            if (holds is false || (holds is null && !mayFail))
            {
                var why = error ?? validation.Text("message") ?? $"failed expression: {expression.Trim()}";
                return (why, validation.Text("reason") ?? "Invalid");
            }
        }

        return null;
    }

    /// <summary>Null when it cannot be said, for a field that is not there for example.</summary>
    private bool? Holds(string expression, Dictionary<string, object?> variables, out string? error)
    {
        error = null;
        try
        {
            return _programs.GetOrAdd(expression, _cel.Compile)(variables) is true;
        }
        catch (Exception e) when (e is CelException or InvalidCastException or NullReferenceException)
        {
            error = $"expression '{expression.Trim()}' resulted in error: {e.Message}";
            return null;
        }
    }

    private Dictionary<string, object?> Variables(
        Caller caller, RequestInfo request, string operation, (JsonObject? New, JsonObject? Old) objects) => new()
        {
            ["object"] = Value(objects.New),
            ["oldObject"] = Value(objects.Old),
            ["namespaceObject"] = request.Namespace.Length > 0 && request.Resource != ResourceTypes.Namespaces.Plural
                ? Value(store.Find(ResourceTypes.Namespaces, "", request.Namespace)?.Json)
                : null,
            ["request"] = new Dictionary<string, object?>
            {
                ["operation"] = operation,
                ["name"] = (objects.New ?? objects.Old)!.Name,
                ["namespace"] = request.Namespace,
                ["userInfo"] = new Dictionary<string, object?>
                {
                    ["username"] = caller.Name,
                    ["groups"] = caller.Groups.ToList<object?>(),
                },
            },
        };

    private static bool Fits(JsonObject rule, string operation, RequestInfo request)
    {
        var resource = request.Subresource.Length == 0 ? request.Resource : $"{request.Resource}/{request.Subresource}";
        return Has(rule, "operations", operation) && Has(rule, "apiGroups", request.Group)
            && Has(rule, "apiVersions", request.Version) && Has(rule, "resources", resource);
    }

    private static bool Has(JsonObject rule, string list, string value) =>
        rule.Texts(list).Any(item => item == "*" || item == value);

    private static void RequireKnown(ResourceType type, JsonObject? json)
    {
        var known = type == ResourceTypes.AdmissionPolicies ? s_policyParts
            : type == ResourceTypes.AdmissionBindings ? s_bindingParts
            : null;
        var unknown = known is null || json is null
            ? []
            : (json.Object("spec") ?? []).Select(part => $"spec.{part.Key}").Except(known.Select(part => $"spec.{part}"))
                .Concat((json.Object("spec", "matchConstraints") ?? []).Select(part => part.Key)
                    .Where(part => part is not ("resourceRules" or "matchPolicy")))
                .ToList();
        if (unknown.Count > 0)
        {
            throw ApiException.Invalid(type, json!.Name,
                [.. unknown.Select(field => FieldError.Forbidden(field, "the sandbox does not evaluate this"))]);
        }
    }

    private static ApiException Refusal(ResourceType type, string name, string reason, string why)
    {
        var forbidden = ApiException.Forbidden(type, name, why);
        return reason == "Forbidden"
            ? forbidden
            : new ApiException(422, reason, forbidden.Message, forbidden.ToStatus().Object("details")?.Copy());
    }

    private static object? Value(JsonNode? node) => node switch
    {
        JsonObject map => map.ToDictionary(pair => pair.Key, pair => Value(pair.Value)),
        JsonArray list => list.Select(Value).ToList(),
        JsonValue value => value.GetValueKind() switch
        {
            JsonValueKind.String => value.GetValue<string>(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => value.ToJsonString().Contains('.', StringComparison.Ordinal) ? value.GetValue<double>() : value.GetValue<long>(),
        },
        _ => null,
    };
}
