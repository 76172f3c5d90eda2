using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Charts.Extensions;
using Platz.Core.Data;
using Platz.Core.Values;

namespace Platz.Core.Deployments;

/// <summary>
/// What was typed into a deployment's form: checked against its chart as the form checks it, its sensitive parts sealed,
/// what it refers to kept as rows.
/// </summary>
public sealed class DeploymentInputs(SensitiveInputs sensitive)
{
    /// <param name="typed">Null: the config stays as it is, unlooked at.</param>
    /// <returns>What is wrong with it; the deployment's config is set when nothing is.</returns>
    internal async Task<IReadOnlyList<FieldError>> TakeAsync(
        PlatzDb db, Deployment deployment, DeploymentChecks checks, JsonObject? typed, CancellationToken cancel)
    {
        if (typed is null || checks.EnvId is not { } envId || checks.Schema is not { } schema)
        {
            return []; // without a cluster or a chart, these are told as errors
        }

        if (DeploymentChecks.JsonError(typed.ToJsonString()) is { } problem)
        {
            return [new FieldError("config", problem)];
        }

        var form = schema.ValuesUi ?? ValuesUi.Empty; // without one anything may be typed, and nothing is sensitive
        var (sealedInputs, errors) = sensitive.Seal(form, deployment.Id, typed, deployment.Config);
        errors = [.. errors, .. InputCheck.Errors(form, typed)];
        if (errors.Count == 0)
        {
            errors = await Collections.CheckAsync(db, envId, deployment.Id, form, typed, cancel);
        }

        if (errors.Count > 0)
        {
            return errors;
        }

        deployment.Config = sealedInputs;
        await KeepAsync(db, deployment.Id, Collections.Dependencies(form, typed), cancel);
        return [];
    }

    /// <summary>
    /// Takes back what an earlier task had, to the byte: it was checked against its chart then, and what it refers to is
    /// all that can have changed since.
    /// </summary>
    internal static async Task<IReadOnlyList<FieldError>> TakeBackAsync(
        PlatzDb db, Deployment deployment, DeploymentChecks checks, JsonObject inputs, CancellationToken cancel)
    {
        if (checks.EnvId is not { } envId || checks.Schema is not { } schema)
        {
            return []; // without a cluster or a chart, these are told as errors
        }

        var form = schema.ValuesUi ?? ValuesUi.Empty;
        deployment.Config = inputs.DeepClone().AsObject();
        await KeepAsync(db, deployment.Id, Collections.Dependencies(form, inputs), cancel);
        var errors = await Collections.CheckAsync(db, envId, deployment.Id, form, inputs, cancel);
        return [.. errors.Select(error => error with { Message = $"{LabelOf(form, error)}: {error.Message}" })];
    }

    private static string LabelOf(ValuesUi form, FieldError error) =>
        form.Inputs.FirstOrDefault(input => InputCheck.FieldName(input.Id) == error.Field)?.Label ?? error.Field;

    /// <summary>Kept for a deployment that is not saved yet too: the rows are added in the same save.</summary>
    internal static async Task KeepAsync(
        PlatzDb db, Guid deploymentId, IEnumerable<Reference> wanted, CancellationToken cancel)
    {
        var kept = await db.Dependencies.Where(d => d.DeploymentId == deploymentId).ToListAsync(cancel);
        var all = wanted.ToHashSet();
        db.RemoveRange(kept.Where(d => !all.Contains(new Reference(d.Kind, d.TargetId))));
        db.AddRange(all.Where(w => !kept.Exists(d => new Reference(d.Kind, d.TargetId) == w)).Select(w => new DeploymentDependency
        {
            DeploymentId = deploymentId,
            Kind = w.Kind,
            TargetId = w.Id,
        }));
    }
}
