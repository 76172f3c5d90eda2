using Platz.Core.Deployments;

namespace Platz.Core.Catalog;

/// <summary>What came of a command on a secret of an env.</summary>
public abstract record SecretResult
{
    /// <param name="Reinstalled">How many deployments use the secret and follow.</param>
    public sealed record Saved(Guid Id, int Reinstalled) : SecretResult;

    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : SecretResult;

    public sealed record Conflict(string Message) : SecretResult;

    public sealed record Forbidden(string Message) : SecretResult;

    public sealed record NotFound : SecretResult;
}

public sealed record NewSecret(Guid EnvId, string Collection, string Name, string Contents)
{
    /// <summary>Without the contents, should it ever be logged.</summary>
    public override string ToString() => $"{Collection}/{Name}";
}

/// <param name="Users">Enabled deployments that use it.</param>
public sealed record SecretItem(
    Guid Id, Guid EnvId, string Collection, string Name, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, int Users);
