using System.Globalization;
using System.Text;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Options;
using Npgsql;
using Platz.Core.Identity;
using Platz.Runner.Clusters;

namespace Platz.Runner.Operations;

/// <summary>
/// The Secret <c>platz-creds</c> with which a deployment's own pods may call Platz: given when it is installed, renewed
/// long before it expires.
/// </summary>
internal sealed class DeploymentCredentials(
    DeploymentTokens tokens, NpgsqlDataSource database, IOptions<RunnerOptions> options, TimeProvider clock)
{
    public const string SecretName = "platz-creds";
    public const string TokenKey = "access_token";

    private const string FieldManager = "platz";

    private const string SaveSql = """
        INSERT INTO deployment_credentials (deployment_id, expires_at) VALUES (@deployment, @expires)
        ON CONFLICT (deployment_id) DO UPDATE SET expires_at = excluded.expires_at
        """;

    /// <summary>What each call is given to reach the cluster with; it may be said several times.</summary>
    public delegate Task<bool> Call(Func<IKubernetes, CancellationToken, Task<bool>> call);

    public async Task GiveAsync(Guid deploymentId, string ns, Call callAsync, CancellationToken cancel)
    {
        var lifetime = options.Value.CredentialsLifetime;
        var expires = clock.GetUtcNow() + lifetime;
        var secret = Secret(ns, await tokens.CreateAsync(deploymentId, lifetime, cancel), expires);
        await callAsync(async (c, stop) =>
        {
            await c.CoreV1.PatchNamespacedSecretAsync(
                new V1Patch(KubernetesJson.Serialize(secret), V1Patch.PatchType.ApplyPatch), SecretName, ns,
                fieldManager: FieldManager, force: true, cancellationToken: stop);
            return true;
        });
        await using var command = database.CreateCommand(SaveSql);
        command.Parameters.AddWithValue("deployment", deploymentId);
        command.Parameters.AddWithValue("expires", expires.UtcDateTime);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private V1Secret Secret(string ns, string token, DateTimeOffset expires) => new()
    {
        ApiVersion = "v1",
        Kind = "Secret",
        Type = "Opaque",
        Metadata = new V1ObjectMeta
        {
            Name = SecretName,
            NamespaceProperty = ns,
            Labels = ClusterOperations.Managed(),
        },
        Data = new Dictionary<string, byte[]>
        {
            [TokenKey] = Encoding.UTF8.GetBytes(token),
            ["server_url"] = Encoding.UTF8.GetBytes(options.Value.OwnUrl),
            ["expires_at"] = Encoding.UTF8.GetBytes(
                expires.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
        },
    };
}
