# The two programs of a deployment, each an image: docker build --target web . and docker build --target runner .
# Both run as the image's own unprivileged user and write nothing but what they are given a place for.

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src
ENV CI=true
# What they say has failed the check long before; they take longer than the compilers.
ENV RunAnalyzers=false

# What decides about packages comes first, so that a change of code restores nothing anew.
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt ./
COPY Platz.Core/Platz.Core.csproj Platz.Core/packages.lock.json Platz.Core/
COPY Platz.Runner/Platz.Runner.csproj Platz.Runner/packages.lock.json Platz.Runner/
COPY Platz.Web/Platz.Web.csproj Platz.Web/packages.lock.json Platz.Web/
RUN dotnet restore Platz.Web --locked-mode
RUN dotnet restore Platz.Runner --locked-mode
# Both are compiled for the platform they are built on, or each start would do it anew. The packages are those that were
# just compared with the lock files; what comes besides belongs to the SDK.
RUN dotnet restore Platz.Web -p:RestoreLockedMode=false --use-current-runtime -p:PublishReadyToRun=true
RUN dotnet restore Platz.Runner -p:RestoreLockedMode=false --use-current-runtime -p:PublishReadyToRun=true

COPY . ./
RUN dotnet publish Platz.Web -c Release --no-restore --use-current-runtime -p:PublishReadyToRun=true -p:UseAppHost=false -p:DebugType=none -o /out/web
RUN dotnet publish Platz.Runner -c Release --no-restore --use-current-runtime -p:PublishReadyToRun=true -p:UseAppHost=false -p:DebugType=none -o /out/runner


FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS base
WORKDIR /app
# The diagnostic port is a file in /tmp, which a read-only container does not have.
ENV DOTNET_EnableDiagnostics=0
USER $APP_UID


FROM base AS runner
COPY --from=build /out/runner ./
ENTRYPOINT ["dotnet", "Platz.Runner.dll"]


FROM base AS web
ENV ASPNETCORE_URLS=http://+:8080 ASPNETCORE_HTTP_PORTS=
EXPOSE 8080
COPY --from=build /out/web ./
ENTRYPOINT ["dotnet", "Platz.Web.dll"]
