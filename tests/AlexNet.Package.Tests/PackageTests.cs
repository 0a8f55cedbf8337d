using System.IO.Compression;
using System.Xml.Linq;
using AlexNetTF.Testing;

namespace AlexNetTF.Package.Tests;

/// <summary>What the packages hold.</summary>
[TestFixture]
public class PackageTests
{
    private static readonly string[] Libraries = ["AlexNet.TF.Core", "AlexNet.TF.Layers", "AlexNet.TF"];

    [TestCaseSource(nameof(Libraries))]
    public void A_library_has_assembly_docs_readme_licence_and_symbols(string id)
    {
        string assembly = id == "AlexNet.TF" ? "AlexNet.Vision" : id.Replace(".TF", "", StringComparison.Ordinal);
        string[] files = Files(LocalFeed.PathOf(id));
        Assert.That(files, Does.Contain($"lib/net10.0/{assembly}.dll"));
        Assert.That(files, Does.Contain($"lib/net10.0/{assembly}.xml"));
        Assert.That(files, Does.Contain("README.md"));
        Assert.That(Files(LocalFeed.PathOf(id, "snupkg")), Does.Contain($"lib/net10.0/{assembly}.pdb"));

        XElement metadata = Nuspec(LocalFeed.PathOf(id));
        Assert.That(Value(metadata, "license"), Is.EqualTo("Apache-2.0"));
        Assert.That(Value(metadata, "readme"), Is.EqualTo("README.md"));
        Assert.That(Value(metadata, "version"), Is.EqualTo(LocalFeed.Version));
        Assert.That(Value(metadata, "description"), Has.Length.GreaterThan(40));
        Assert.That(Value(metadata, "authors"), Is.Not.Empty);
    }

    // Versions that are pinned centrally stand in every package that brings them, so a user gets the tested ones.
    [TestCase("AlexNet.TF.Core", "Google.Protobuf,NumSharp,System.Numerics.Tensors")]
    [TestCase("AlexNet.TF.Layers", "AlexNet.TF.Core,Google.Protobuf,NumSharp,System.Numerics.Tensors")]
    [TestCase("AlexNet.TF", "AlexNet.TF.Layers,Google.Protobuf,NumSharp,SkiaSharp,SkiaSharp.NativeAssets.Linux.NoDependencies,System.Numerics.Tensors")]
    public void A_library_depends_on_nothing_else(string id, string expected)
    {
        IEnumerable<string> dependencies = Nuspec(LocalFeed.PathOf(id)).Descendants()
            .Where(e => e.Name.LocalName == "dependency").Select(e => e.Attribute("id")!.Value).Order(StringComparer.Ordinal);
        Assert.That(string.Join(",", dependencies), Is.EqualTo(expected));
    }

    [Test]
    public void The_tool_is_a_pointer_and_a_small_package_for_this_platform()
    {
        string pointer = LocalFeed.PathOf("AlexNet.Tool"), own = LocalFeed.PathOf($"AlexNet.Tool.{LocalFeed.Platform}");
        Assert.That(new FileInfo(pointer).Length, Is.LessThan(20_000));
        Assert.That(Files(own), Has.None.EndsWith(".pdb"));
        Assert.That(Files(own), Does.Contain("README.md"));
        if (LocalFeed.Platform != "any")
            Assert.That(new FileInfo(own).Length, Is.LessThan(20_000_000));
    }

    private static string[] Files(string package)
    {
        using ZipArchive zip = ZipFile.OpenRead(package);
        return [.. zip.Entries.Select(e => e.FullName)];
    }

    private static XElement Nuspec(string package)
    {
        using ZipArchive zip = ZipFile.OpenRead(package);
        using Stream stream = zip.Entries.Single(e => e.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(stream).Root!.Elements().Single(e => e.Name.LocalName == "metadata");
    }

    private static string Value(XElement metadata, string name) =>
        metadata.Elements().SingleOrDefault(e => e.Name.LocalName == name)?.Value ?? "";
}
