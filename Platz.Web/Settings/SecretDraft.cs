using Platz.Core.Catalog;

namespace Platz.Web.Settings;

/// <summary>What is being typed of a secret; forgotten with the dialog.</summary>
public sealed class SecretDraft
{
    public string Collection { get; set; } = "";

    public string Name { get; set; } = "";

    public string Contents { get; set; } = "";

    /// <summary>In one sentence why nothing was saved.</summary>
    public static string Words(SecretResult refusal) => refusal switch
    {
        SecretResult.Invalid(var errors) => string.Join(' ', errors.Select(e => $"{e.Field}: {e.Message}")),
        SecretResult.Conflict(var message) => message,
        SecretResult.Forbidden(var message) => message,
        _ => "This secret is gone: somebody has deleted it meanwhile.",
    };
}
