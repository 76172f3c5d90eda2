using Platz.Core.Deployments;
using Platz.Core.Identity;

namespace Platz.Core.Catalog;

/// <summary>What came of a command on what belongs to the whole site: an env, a cluster, a registry.</summary>
public abstract record SettingResult
{
    public sealed record Saved(Guid Id) : SettingResult;

    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : SettingResult
    {
        public Invalid(string field, string message) : this([new FieldError(field, message)])
        {
        }
    }

    /// <summary>Something stands in the way, or somebody else was first.</summary>
    public sealed record Conflict(string Message) : SettingResult;

    public sealed record Forbidden(string Message) : SettingResult
    {
        public Forbidden(Permission permission) : this($"This needs {Access.Needs(permission)}.")
        {
        }
    }

    public sealed record NotFound : SettingResult;

    /// <summary>In one sentence why nothing was saved.</summary>
    /// <param name="gone">What to say when what it was about is not there.</param>
    public string Refusal(string gone) => this switch
    {
        Invalid { Errors: [var first, ..] } => first.Message,
        Conflict(var message) => message,
        Forbidden(var message) => message,
        _ => gone,
    };
}
