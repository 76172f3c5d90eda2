using Platz.Core.Catalog;
using Platz.Core.Identity;

namespace Platz.Web.Envs;

/// <summary>An env, and what the reader is in it.</summary>
public sealed record EnvPlace(Env Env, Standing Standing);
