using System.Text.Json.Nodes;
using Platz.Core.Deployments;
using Platz.Core.Identity;

namespace Platz.Core.Resources;

/// <summary>What came of a command on a thing that a deployment manages.</summary>
public abstract record ResourceResult
{
    public sealed record Saved(Guid Id) : ResourceResult;

    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : ResourceResult;

    public sealed record Conflict(string Message) : ResourceResult;

    public sealed record Forbidden(Permission Permission) : ResourceResult;

    public sealed record NotFound : ResourceResult;

    /// <summary>In one sentence why nothing was done.</summary>
    /// <param name="what">What a thing of this type is called.</param>
    public string Words(string what) => this switch
    {
        Invalid(var errors) => string.Join(' ', errors.Select(e => $"{e.Field}: {e.Message}")),
        Conflict(var message) => message,
        Forbidden(var permission) => $"This needs {Access.Needs(permission)}.",
        _ => $"This {what} is gone.",
    };
}

/// <param name="Props">The inputs of the type's form, as typed.</param>
public sealed record NewResource(Guid TypeId, Guid DeploymentId, string Name, JsonObject Props);
