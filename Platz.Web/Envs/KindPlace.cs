using Platz.Core.Catalog;
using Platz.Core.Identity;

namespace Platz.Web.Envs;

/// <summary>Where a page is: the deployments of one kind in one env.</summary>
/// <param name="Standing">Of whoever looks at it, for this kind.</param>
public sealed record KindPlace(Env Env, Kind Kind, Standing Standing);
