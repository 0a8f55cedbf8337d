using AlexNetTF.Testing;

namespace AlexNetTF.Tests.Weights;

public sealed class KnownWeightsTests
{
    [Test]
    public void Every_known_file_can_be_told_and_fetched()
    {
        Assert.That(KnownWeights.All.Select(file => file.Name), Is.Unique);
        Assert.That(KnownWeights.All.Select(file => file.FileName), Is.Unique);
        Assert.Multiple(() =>
        {
            foreach (KnownWeightFile file in KnownWeights.All)
            {
                Assert.That(file.Sha256 ?? file.Sha1, Does.Match("^[0-9a-f]{8,64}$"), file.Name);
                Assert.That(file.Source.IsAbsoluteUri && file.Source.AbsolutePath.EndsWith(file.FileName, StringComparison.Ordinal), file.Name);
                Assert.That(KnownWeights.Find(file.FileName.ToUpperInvariant()), Is.SameAs(file));
            }
        });
    }

    [Test]
    public void An_unknown_name_is_answered_with_the_known_ones() =>
        Assert.That(
            Assert.Throws<AlexNetException>(() => KnownWeights.Find("vgg16"))!.Message,
            Does.Contain("'vgg16'").And.Contain("bvlc_alexnet").And.Contain("alexnet-owt"));

    [Test]
    public void Verifying_gives_kind_and_hashes()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["abc"], "abc");
        WeightVerification text = KnownWeights.Verify(folder["abc"]);
        Assert.That((text.Kind, text.Known, text.Ok), Is.EqualTo(((string?)null, (KnownWeightFile?)null, false)));
        // FIPS 180-2, appendices A.1 and B.1.
        Assert.That(text.Hashes.Sha1, Is.EqualTo("a9993e364706816aba3e25717850c26c9cd0d89d"));
        Assert.That(text.Hashes.Sha256, Is.EqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));

        WeightFile.WriteNpy(folder["x"], [1], new float[1]);
        Assert.That(KnownWeights.Verify(folder["x"]).Kind, Does.Contain(".npy"));
    }

    [TestCase("ba7816bf", null, true)]
    [TestCase("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", null, true)]
    [TestCase(null, "a9993e364706816aba3e25717850c26c9cd0d89d", true)]
    [TestCase("ba7816be", null, false)]
    [TestCase("ba7816bf", "00", false)]
    [TestCase(null, null, false)]
    public void A_hash_or_its_beginning_decides(string? sha256, string? sha1, bool matches)
    {
        var hashes = new WeightHashes("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "a9993e364706816aba3e25717850c26c9cd0d89d");
        Assert.That((KnownWeights.All[0] with { Sha256 = sha256, Sha1 = sha1 }).Matches(hashes), Is.EqualTo(matches));
    }

    [Test]
    public async Task A_file_in_the_folder_is_not_fetched_again()
    {
        using var folder = new TempFolder();
        KnownWeightFile known = KnownWeights.All[0];
        File.WriteAllText(folder[known.FileName], "here");
        Assert.That(await KnownWeights.EnsureAsync(known.Name, folder.Path), Is.EqualTo(folder[known.FileName]));
    }

    [Test]
    [NonParallelizable]
    public void The_cache_follows_XDG()
    {
        string? before = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        using var folder = new TempFolder();
        try
        {
            Environment.SetEnvironmentVariable("XDG_CACHE_HOME", folder.Path);
            Assert.That(KnownWeights.CacheFolder, Is.EqualTo(Path.Combine(folder.Path, "alexnet-tf")));
            Environment.SetEnvironmentVariable("XDG_CACHE_HOME", "relative");
            Assert.That(KnownWeights.CacheFolder, Does.Not.Contain("relative"));
        }
        finally
        {
            Environment.SetEnvironmentVariable("XDG_CACHE_HOME", before);
        }
    }
}
