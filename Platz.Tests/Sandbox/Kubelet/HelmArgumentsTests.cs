using Platz.Sandbox.Kubelet;

namespace Platz.Tests.Sandbox.Kubelet;

public sealed class HelmArgumentsTests
{
    private readonly HelmArguments _helm;

    public HelmArgumentsTests()
    {
        var paths = new PodPaths("/runs/1");
        paths.Mount("/platz", "/runs/1/volumes/files");
        _helm = new HelmArguments(paths);
    }

    [Theory]
    [InlineData("upgrade x /platz/c.tgz -f /platz/v.yaml",
        "upgrade x /runs/1/volumes/files/c.tgz -f /runs/1/volumes/files/v.yaml")]
    [InlineData("upgrade x oci://h/c --values=/platz/a,/platz/b",
        "upgrade x oci://h/c --values=/runs/1/volumes/files/a,/runs/1/volumes/files/b")]
    [InlineData("install x c --set path=/etc/hosts", "install x c --set path=/etc/hosts")]
    [InlineData("install x c --set-file a=/etc/hosts", "install x c --set-file a=/runs/1/rootfs/etc/hosts")]
    [InlineData("install x ../../../etc", "install x /runs/1/rootfs/etc")]
    [InlineData("install x /platz/../etc/passwd", "install x /runs/1/rootfs/etc/passwd")]
    [InlineData("install x file:///etc/chart", "install x /runs/1/rootfs/etc/chart")]
    [InlineData("install x c --ca-file=/platz/../../ca", "install x c --ca-file=/runs/1/rootfs/ca")]
    [InlineData("uninstall x --wait --timeout 5m", "uninstall x --wait --timeout 5m")]
    [InlineData("--namespace=shop upgrade x c --wait=watcher", "--namespace=shop upgrade x c --wait=watcher")]
    public void Moves_every_path_into_the_pod(string given, string expected)
    {
        Assert.Null(_helm.Rewrite(given.Split(' ')));

        Assert.Equal(expected, string.Join(' ', _helm.Result));
    }

    [Theory]
    [InlineData("plugin install x")]
    [InlineData("repo add x y")]
    [InlineData("registry login x")]
    [InlineData("upgrade x c --post-renderer=/bin/sh")]
    [InlineData("upgrade x c --post-renderer-args x")]
    [InlineData("upgrade x c --debug")]
    [InlineData("upgrade x c --kube-apiserver https://x")]
    [InlineData("upgrade x c --enable-dns")]
    [InlineData("--help")]
    [InlineData("")]
    public void Refuses_what_is_not_on_its_lists(string given) =>
        Assert.NotNull(_helm.Rewrite(given.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
}
