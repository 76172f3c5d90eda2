using Platz.Core.Catalog;

namespace Platz.Web.Envs;

/// <summary>Where a page is: the deployments of one kind in one env.</summary>
public sealed record KindPlace(Env Env, Kind Kind);
