namespace Platz.Web.Envs;

/// <summary>The parts of an env that <see cref="EnvNav"/> leads to; each type of managed things is one more.</summary>
public enum EnvPart
{
    Deployments,
    Activity,
    Insight,
    Type,
    Settings,
}
