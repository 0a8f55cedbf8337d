using AlexNetTF.TensorFlow;
using AlexNetTF.TensorFlow.Protos;
using AlexNetTF.Testing;

namespace AlexNetTF.Tests.Formats;

public sealed class CheckpointStateTests
{
    private TempFolder folder = null!;

    [SetUp]
    public void CreateFolder() => folder = new TempFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void Full_paths_stay_full_and_strings_are_escaped()
    {
        string odd = Path.Combine(folder.Path, "it's \"é\"\t\\ckpt");
        CheckpointStateFile.Write(folder.Path, odd, [folder["a"]], timestamps: [1500000000.25, 1e17]);
        Assert.That(File.ReadAllText(folder["checkpoint"]), Is.EqualTo(
            $"model_checkpoint_path: \"{folder.Path}/it\\'s \\\"\\303\\251\\\"\\t\\\\ckpt\"\n" +
            $"all_model_checkpoint_paths: \"{folder["a"]}\"\n" +
            $"all_model_checkpoint_paths: \"{folder.Path}/it\\'s \\\"\\303\\251\\\"\\t\\\\ckpt\"\n" +
            "all_model_checkpoint_timestamps: 1500000000.25\n" +
            "all_model_checkpoint_timestamps: 1e+17\n"));
        CheckpointState read = CheckpointStateFile.Read(folder.Path)!;
        Assert.That(read.ModelCheckpointPath, Is.EqualTo(odd));
        Assert.That(read.AllModelCheckpointPaths, Is.EqualTo((string[])[folder["a"], odd]));
        Assert.That(read.AllModelCheckpointTimestamps, Is.EqualTo((double[])[1500000000.25, 1e17]));
    }

    [Test]
    public void Relative_paths_are_relative_to_the_folder()
    {
        CheckpointStateFile.Write(folder.Path, folder["m-2"], [folder["m-1"], folder["m-2"]], relativePaths: true);
        Assert.That(File.ReadAllText(folder["checkpoint"]), Is.EqualTo(
            "model_checkpoint_path: \"m-2\"\nall_model_checkpoint_paths: \"m-1\"\nall_model_checkpoint_paths: \"m-2\"\n"));
        Assert.That(CheckpointStateFile.Read(folder.Path)!.AllModelCheckpointPaths, Is.EqualTo((string[])[folder["m-1"], folder["m-2"]]));
    }

    [Test]
    public void The_latest_checkpoint_needs_an_index_and_is_found_in_a_moved_folder()
    {
        Assert.That(CheckpointReader.FindLatest(folder.Path), Is.Null);
        CheckpointStateFile.Write(folder.Path, "/elsewhere/run/m-2", []);
        Assert.That(CheckpointReader.FindLatest(folder.Path), Is.Null);
        File.WriteAllText(folder["m-2.index"], "");
        Assert.That(CheckpointReader.FindLatest(folder.Path), Is.EqualTo(folder["m-2"]));
    }

    [Test]
    public void Each_byte_changed_and_each_length_cut_is_refused_or_well_formed()
    {
        CheckpointStateFile.Write(folder.Path, folder["m\n2"], [folder["m-1"]], timestamps: [1.5, 2.5]);
        byte[] original = File.ReadAllBytes(folder["checkpoint"]);
        int refused = 0;
        foreach ((string what, byte[] bytes) in Damage.Variants(original))
        {
            File.WriteAllBytes(folder["checkpoint"], bytes);
            if (!Damage.Reads(what, () => CheckpointStateFile.Read(folder.Path))) refused++;
        }

        Assert.That(refused, Is.GreaterThan(original.Length));
    }

    [Test]
    public void The_newest_stay_and_one_is_kept_for_good_whenever_the_hours_have_passed()
    {
        var retention = new CheckpointRetention(maxToKeep: 2, keepEveryHours: 1, now: 0);
        List<string> deleted = [];
        for (int step = 1; step <= 8; step++) deleted.AddRange(retention.Add($"m-{step}", step * 1000));
        Assert.That(deleted, Is.EqualTo((string[])["m-1", "m-2", "m-3", "m-5", "m-6"]));
        Assert.That(retention.Prefixes, Is.EqualTo((string[])["m-7", "m-8"]));
        Assert.That(retention.Add("m-7", 9000), Is.Empty);
        Assert.That(retention.Prefixes, Is.EqualTo((string[])["m-8", "m-7"]));
    }

    [Test]
    public void Zero_keeps_all_and_lists_none()
    {
        var retention = new CheckpointRetention(maxToKeep: 0, keepEveryHours: 10000, now: 0);
        Assert.That(retention.Add("m-1", 1), Is.Empty);
        Assert.That(retention.Add("m-2", 2), Is.Empty);
        Assert.That(retention.Prefixes, Is.Empty);
    }

    [Test]
    public void Deleting_takes_this_checkpoints_files_only()
    {
        string[] stay = ["m-1.index", "m-10.data-00000-of-00001", "m-1.other", "checkpoint", "m-1.data-0-of-1"];
        string[] go = ["m.index", "m.meta", "m.data-00000-of-00002", "m.data-00001-of-00002"];
        foreach (string file in (string[])[.. stay, .. go]) File.WriteAllText(folder[file], "");
        CheckpointPaths.Delete(folder["m"]);
        CheckpointPaths.Delete(Path.Combine(folder.Path, "no", "such"));
        Assert.That(Directory.GetFiles(folder.Path).Select(Path.GetFileName), Is.EquivalentTo(stay));
    }
}
