using System.Text.Json.Nodes;

namespace Platz.Sandbox.Store;

/// <summary>A refusal the caller gets as a Kubernetes <c>Status</c>; caught once, in the HTTP face.</summary>
public sealed class ApiException(int code, string? reason, string message, JsonObject? details = null)
    : Exception(message)
{
    public int Code => code;

    public string? Reason => reason;

    public int? RetryAfterSeconds => (int?)details.Number("retryAfterSeconds");

    public JsonObject ToStatus()
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = Message,
        };
        if (reason is not null)
        {
            status["reason"] = reason;
        }

        if (details is not null)
        {
            status["details"] = details.DeepClone();
        }

        status["code"] = code;
        return status;
    }

    public static ApiException NotFound(ResourceType type, string name) =>
        new(404, "NotFound", $"{type.QualifiedPlural} \"{name}\" not found", Details(type, name, type.Plural));

    public static ApiException UnknownResource() =>
        new(404, "NotFound", "the server could not find the requested resource", []);

    public static ApiException AlreadyExists(ResourceType type, string name, bool isBeingDeleted) =>
        new(409, "AlreadyExists",
            $"{(isBeingDeleted ? "object is being deleted: " : "")}{type.QualifiedPlural} \"{name}\" already exists",
            Details(type, name, type.Plural));

    public static ApiException Conflict(ResourceType type, string name, string why) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {type.QualifiedPlural} \"{name}\": {why}",
            Details(type, name, type.Plural));

    public static ApiException Modified(ResourceType type, string name) => Conflict(type, name,
        "the object has been modified; please apply your changes to the latest version and try again");

    public static ApiException Invalid(ResourceType type, string name, IReadOnlyList<FieldError> errors) =>
        Invalid(type.QualifiedKind, Details(type, name, type.Kind), name, errors);

    public static ApiException Invalid(string kind, JsonObject details, string name, IReadOnlyList<FieldError> errors)
    {
        var lines = errors.Select(error => $"{error.Field}: {error.Message}").ToList();
        var text = lines.Count == 1 ? lines[0] : $"[{string.Join(", ", lines)}]";
        details["causes"] = new JsonArray([.. errors.Select(error => error.ToCause())]);
        return new ApiException(422, "Invalid", $"{kind} \"{name}\" is invalid: {text}", details);
    }

    public static ApiException Forbidden(ResourceType type, string name, string why) =>
        new(403, "Forbidden", $"{type.QualifiedPlural} \"{name}\" is forbidden: {why}",
            Details(type, name, type.Plural));

    public static ApiException BeingTerminated(ResourceType type, string name, string ns)
    {
        var details = Details(type, name, type.Plural);
        details["causes"] = new JsonArray(new FieldError("NamespaceTerminating", "metadata.namespace",
            $"namespace {ns} is being terminated").ToCause());
        return new ApiException(403, "Forbidden", $"{type.QualifiedPlural} \"{name}\" is forbidden: unable to create "
            + $"new content in namespace {ns} because it is being terminated", details);
    }

    public static ApiException BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiException MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", []);

    public static ApiException Unauthorized() => new(401, "Unauthorized", "Unauthorized");

    private static JsonObject Details(ResourceType type, string name, string kind)
    {
        var details = new JsonObject { ["name"] = name };
        if (type.Group.Length > 0)
        {
            details["group"] = type.Group;
        }

        details["kind"] = kind;
        return details;
    }
}

/// <summary>One complaint about one field.</summary>
public sealed record FieldError(string Reason, string Field, string Message)
{
    public static FieldError Required(string field, string why = "") =>
        new("FieldValueRequired", field, why.Length == 0 ? "Required value" : $"Required value: {why}");

    public static FieldError Invalid(string field, string value, string why) =>
        new("FieldValueInvalid", field, $"Invalid value: {value}: {why}");

    public static FieldError Forbidden(string field, string why) =>
        new("FieldValueForbidden", field, $"Forbidden: {why}");

    public JsonObject ToCause() => new() { ["reason"] = Reason, ["message"] = Message, ["field"] = Field };
}
