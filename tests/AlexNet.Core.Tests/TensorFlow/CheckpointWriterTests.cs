using System.Numerics;
using System.Text;
using AlexNetTF.TensorFlow;
using AlexNetTF.TensorFlow.Protos;
using AlexNetTF.Testing;
using NumSharp;

namespace AlexNetTF.Tests.Formats;

public sealed unsafe class CheckpointWriterTests
{
    private TempFolder folder = null!;

    [SetUp]
    public void CreateFolder() => folder = new TempFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void The_reference_vector_byte_for_byte()
    {
        string prefix = folder["model.ckpt"];
        using (var writer = new CheckpointWriter(prefix))
        {
            writer.Add<float>("conv1/biases", [0.5f, -1], 2);
            writer.Add<float>("conv1/weights", [1, 2], 1, 1, 1, 2);
            writer.Add<long>("global_step", [7]);
            Assert.That(File.Exists(prefix + ".index"), Is.False);
            writer.Commit();
        }

        Assert.That(Convert.ToHexStringLower(File.ReadAllBytes(prefix + ".data-00000-of-00001")), Is.EqualTo("0000003f000080bf0000803f000000400700000000000000"));
        Assert.That(Convert.ToHexStringLower(File.ReadAllBytes(prefix + ".index")), Is.EqualTo(
            "00000608011a020801000c0f636f6e76312f6269617365730801120412020802280835c5af215206071d77656967687473080112101202080112020801120208" +
            "01120208022008280835593ce535000b0d676c6f62616c5f73746570080912002010280835bbd79f11000000000100000000328370fd000000000100000000c0" +
            "f2a1b00001026800710000000001000000005ab1165a760883010e000000000000000000000000000000000000000000000000000000000000000000000057fb" +
            "808b247547db"));
        Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(2));
    }

    [Test]
    public void Every_element_type_comes_back()
    {
        string prefix = folder["types"];
        using (var writer = new CheckpointWriter(prefix))
        {
            writer.Add<float>("float", [1.5f, float.NaN, -0f], 3);
            writer.Add<double>("double", [Math.PI], 1);
            writer.Add<Half>("half", [(Half)0.1, Half.NegativeInfinity], 2);
            writer.Add<bool>("bool", [true, false], 2);
            writer.Add<byte>("byte", [0, 255], 2);
            writer.Add<sbyte>("sbyte", [-128, 127], 2);
            writer.Add<short>("short", [short.MinValue], 1);
            writer.Add<ushort>("ushort", [ushort.MaxValue], 1);
            writer.Add<int>("int", [int.MinValue], 1);
            writer.Add<uint>("uint", [uint.MaxValue], 1);
            writer.Add<long>("long", [long.MinValue], 1);
            writer.Add<ulong>("ulong", [ulong.MaxValue], 1);
            writer.Add<Complex>("complex", [new Complex(1, -2)], 1);
            writer.AddStrings("strings", [.. new[] { "", "\0ÿ", "x" }.Select(Encoding.UTF8.GetBytes)], 3);
            writer.Add<float>("empty", [], 0, 5);
            writer.Commit();
        }

        using var reader = CheckpointReader.Open(prefix);
        Assert.That(reader.Read<float>("float"), Is.EqualTo((float[])[1.5f, float.NaN, -0f]));
        Assert.That(float.IsNegative(reader.Read<float>("float")[2]), Is.True);
        Assert.That(reader.Find("float")!.DType, Is.EqualTo(DType.Float32));
        Assert.That(reader.Read<double>("double"), Is.EqualTo((double[])[Math.PI]));
        Assert.That(reader.Read<Half>("half"), Is.EqualTo((Half[])[(Half)0.1, Half.NegativeInfinity]));
        Assert.That(reader.Read<bool>("bool"), Is.EqualTo((bool[])[true, false]));
        Assert.That(reader.Read<byte>("byte"), Is.EqualTo((byte[])[0, 255]));
        Assert.That(reader.Read<sbyte>("sbyte"), Is.EqualTo((sbyte[])[-128, 127]));
        Assert.That(reader.Read<short>("short"), Is.EqualTo((short[])[short.MinValue]));
        Assert.That(reader.Read<ushort>("ushort"), Is.EqualTo((ushort[])[ushort.MaxValue]));
        Assert.That(reader.Read<int>("int"), Is.EqualTo((int[])[int.MinValue]));
        Assert.That(reader.Read<uint>("uint"), Is.EqualTo((uint[])[uint.MaxValue]));
        Assert.That(reader.Read<long>("long"), Is.EqualTo((long[])[long.MinValue]));
        Assert.That(reader.Read<ulong>("ulong"), Is.EqualTo((ulong[])[ulong.MaxValue]));
        Assert.That(reader.Read<Complex>("complex"), Is.EqualTo((Complex[])[new Complex(1, -2)]));
        Assert.That(reader.ReadStrings("strings").Select(Encoding.UTF8.GetString), Is.EqualTo((string[])["", "\0ÿ", "x"]));
        Assert.That(reader.Read("empty").shape, Is.EqualTo((long[])[0, 5]));
        reader.Verify();
    }

    [Test]
    public void Quantised_types_are_raw_and_bfloat16_widens()
    {
        string prefix = folder["raw"];
        using (var writer = new CheckpointWriter(prefix))
        {
            int quantised = 0x01020304;
            writer.Add("q32", DataType.DtQint32, [1], (byte*)&quantised);
            writer.Add("q8", DataType.DtQuint8, [4], (byte*)&quantised);
            uint twoBrains = 0x3fc0_c000;
            writer.Add("brain", DataType.DtBfloat16, [2], (byte*)&twoBrains);
            writer.Commit();
        }

        using var reader = CheckpointReader.Open(prefix);
        Assert.That(reader.Entries.Select(entry => entry.TypeName), Is.EqualTo((string[])["bfloat16", "qint32", "quint8"]));
        Assert.That(reader.Find("q32")!.DType, Is.Null);
        Assert.That(reader.Read<int>("q32"), Is.EqualTo((int[])[0x01020304]));
        Assert.That(reader.Read<byte>("q8"), Is.EqualTo((byte[])[4, 3, 2, 1]));
        Assert.That(reader.Read<ushort>("brain"), Is.EqualTo((ushort[])[0xc000, 0x3fc0]));
        Assert.That(reader.Read("brain").ToArray<float>(), Is.EqualTo((float[])[-2f, 1.5f]));
    }

    [Test]
    public void An_NDArray_is_written_in_row_major_order_whatever_its_strides()
    {
        string prefix = folder["strided"];
        NDArray transposed = np.arange(6).reshape(2, 3).astype(np.float32).T;
        using (var writer = new CheckpointWriter(prefix))
        {
            writer.Add("t", transposed);
            writer.Commit();
        }

        using var reader = CheckpointReader.Open(prefix);
        Assert.That(reader.Find("t")!.Shape, Is.EqualTo((long[])[3, 2]));
        Assert.That(reader.Read<float>("t"), Is.EqualTo((float[])[0, 3, 1, 4, 2, 5]));
    }

    [Test]
    public void Tensors_larger_than_the_block_of_a_write_come_back()
    {
        float[] values = Recipe.Fill("large", 300_001, -1, 1);
        string prefix = folder["large"];
        using (var writer = new CheckpointWriter(prefix))
        {
            writer.Add<float>("first", [1f]);
            writer.Add<float>("large", values, values.Length);
            writer.Commit();
        }

        using var reader = CheckpointReader.Open(prefix);
        Assert.That(reader.Read<float>("large").AsSpan().SequenceEqual(values), Is.True);
    }

    [Test]
    public void Several_threads_may_read()
    {
        string prefix = folder["threads"];
        using (var writer = new CheckpointWriter(prefix, 2))
        {
            for (int i = 0; i < 8; i++)
            {
                float[] values = Recipe.Fill($"t{i}", 1000, -1, 1);
                fixed (float* memory = values) writer.Add($"t{i}", DataType.DtFloat, [1000], (byte*)memory, i % 2);
            }

            writer.Commit();
        }

        using var reader = CheckpointReader.Open(prefix);
        Parallel.For(0, 200, i => Assert.That(reader.Read<float>($"t{i % 8}"), Is.EqualTo(Recipe.Fill($"t{i % 8}", 1000, -1, 1))));
    }

    [Test]
    public void Slices_along_any_dimension_are_assembled()
    {
        float[] whole = Recipe.Fill("sliced", 4 * 5 * 6, -1, 1);
        string prefix = folder["sliced"];
        using (var writer = new CheckpointWriter(prefix))
        {
            (long, long)[][] cuts = [[(0, 4), (0, 2), (0, 6)], [(0, 1), (2, 3), (0, 6)], [(1, 3), (2, 3), (0, 1)], [(1, 3), (2, 3), (1, 5)]];
            foreach ((long Start, long Length)[] cut in cuts) WriteSlice(writer, whole, [4, 5, 6], cut);
            writer.Commit();
        }

        using var reader = CheckpointReader.Open(prefix);
        Assert.That(reader.Entries.Single().IsPartitioned, Is.True);
        Assert.That(reader.Read<float>("v"), Is.EqualTo(whole));
        Assert.That(reader.Read("v").ToArray<float>(), Is.EqualTo(whole));
    }

    [Test]
    public void Slices_that_overlap_or_leave_gaps_are_refused()
    {
        foreach ((string name, (long, long)[][] cuts) in new (string, (long, long)[][])[]
        {
            ("gap", [[(0, 1)], [(2, 2)]]),
            ("overlap", [[(0, 2)], [(1, 3)]]),
            ("overlap and gap", [[(0, 2)], [(1, 2)]]),
        })
        {
            string prefix = folder[name];
            using (var writer = new CheckpointWriter(prefix))
            {
                foreach ((long, long)[] cut in cuts) WriteSlice(writer, new float[4], [4], cut);
                writer.Commit();
            }

            using var reader = CheckpointReader.Open(prefix);
            Assert.That(() => reader.Read<float>("v"), Throws.TypeOf<FileFormatException>().With.Message.Contains("\"v\""), name);
            Assert.That(() => reader.Verify(), Throws.TypeOf<FileFormatException>(), name);
        }
    }

    [Test]
    public void Misuse_is_refused_and_leaves_nothing()
    {
        string prefix = folder["bad"];
        using (var writer = new CheckpointWriter(prefix))
        {
            writer.Add<float>("a", [1f]);
            Assert.That(() => writer.Add<float>("a", [1f]), Throws.TypeOf<CheckpointException>().With.Message.Contains("\"a\""));
            Assert.That(() => writer.Add<float>("b", [1f, 2f], 3), Throws.TypeOf<CheckpointException>());
            Assert.That(() => writer.Add<float>("", [1f]), Throws.TypeOf<CheckpointException>());
            Assert.That(() => writer.Add<char>("c", ['x']), Throws.TypeOf<CheckpointException>());
        }

        Assert.That(Directory.GetFiles(folder.Path), Is.Empty);
        Assert.That(() => new CheckpointWriter(folder.Path + "/"), Throws.TypeOf<CheckpointException>());
    }

    [Test]
    public void Reading_what_is_not_there_says_what_is()
    {
        string prefix = folder["m"];
        using (var writer = new CheckpointWriter(prefix))
        {
            writer.Add<float>("weights", [1f, 2f], 2);
            writer.AddStrings("text", ["a"u8.ToArray()]);
            writer.Commit();
        }

        using var reader = CheckpointReader.Open(prefix);
        Assert.That(() => reader.Read("missing"), Throws.TypeOf<CheckpointException>().With.Message.Contains("weights"));
        Assert.That(() => reader.Read<int>("weights"), Throws.TypeOf<CheckpointException>().With.Message.Contains("float32[2]"));
        Assert.That(() => reader.Read("weights", new float[3].AsSpan()), Throws.TypeOf<CheckpointException>());
        Assert.That(() => reader.Read("text"), Throws.TypeOf<CheckpointException>().With.Message.Contains("ReadStrings"));
        Assert.That(() => reader.ReadStrings("weights"), Throws.TypeOf<CheckpointException>());
        Assert.That(() => CheckpointReader.Open(folder["nothing"]), Throws.TypeOf<CheckpointException>());
        Assert.That(() => CheckpointReader.Open(folder.Path), Throws.TypeOf<CheckpointException>());
        File.Delete(prefix + ".data-00000-of-00001");
        using var withoutData = CheckpointReader.Open(prefix);
        Assert.That(() => withoutData.Read("weights"), Throws.TypeOf<FileFormatException>().With.Message.Contains("weights"));
    }

    private static void WriteSlice(CheckpointWriter writer, float[] whole, long[] shape, (long Start, long Length)[] cut)
    {
        var slice = new TensorSliceProto();
        for (int i = 0; i < cut.Length; i++)
        {
            // A whole dimension may be left open, as TensorFlow does.
            slice.Extent.Add(cut[i] == (0, shape[i]) && i == 0 && shape.Length > 1
                ? new TensorSliceProto.Types.Extent()
                : new TensorSliceProto.Types.Extent { Start = cut[i].Start, Length = cut[i].Length });
        }

        float[] values = [.. Enumerable.Range(0, whole.Length).Where(i => Inside(i, shape, cut)).Select(i => whole[i])];
        fixed (float* memory = values) writer.AddSlice("v", DataType.DtFloat, shape, slice, (byte*)memory);
    }

    private static bool Inside(int element, long[] shape, (long Start, long Length)[] cut)
    {
        long rest = element;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            long at = rest % shape[i];
            rest /= shape[i];
            if (at < cut[i].Start || at >= cut[i].Start + cut[i].Length) return false;
        }

        return true;
    }
}
