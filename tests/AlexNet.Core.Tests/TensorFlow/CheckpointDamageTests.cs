using System.Buffers.Binary;
using System.Text;
using AlexNetTF.TensorFlow;
using AlexNetTF.TensorFlow.Protos;
using AlexNetTF.Testing;

namespace AlexNetTF.Tests.Formats;

public sealed unsafe class CheckpointDamageTests
{
    private TempFolder folder = null!;
    private string prefix = null!;

    [SetUp]
    public void WriteCheckpoint()
    {
        folder = new TempFolder();
        prefix = folder["small"];
        using var writer = new CheckpointWriter(prefix);
        writer.Add<float>("a/weights", [1, 2, 3, 4, 5, 6], 2, 3);
        writer.Add<long>("step", [7]);
        writer.AddStrings("text", [.. new[] { "one", "", "three" }.Select(Encoding.ASCII.GetBytes)], 3);
        float[] half = [1, 2];
        fixed (float* memory = half)
        {
            foreach (int start in (int[])[0, 2])
            {
                var slice = new TensorSliceProto { Extent = { new TensorSliceProto.Types.Extent { Start = start, Length = 2 } } };
                writer.AddSlice("parts", DataType.DtFloat, [4], slice, (byte*)memory);
            }
        }

        writer.Commit();
    }

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [TestCase(".index")]
    [TestCase(".data-00000-of-00001")]
    public void Each_byte_changed_and_each_length_cut_is_refused_or_reads_the_same(string ending)
    {
        string expected = Content();
        byte[] original = File.ReadAllBytes(prefix + ending);
        int refused = 0;
        int read = 0;
        foreach ((string what, byte[] bytes) in Damage.Variants(original))
        {
            File.WriteAllBytes(prefix + ending, bytes);
            string? content = null;
            if (Damage.Reads(what, () => content = Content()))
            {
                Assert.That(content, Is.EqualTo(expected), what);
                read++;
            }
            else
            {
                refused++;
            }
        }

        // Only the footer's padding carries neither checksum nor meaning.
        Assert.That(read, Is.LessThanOrEqualTo(ending == ".index" ? 40 * 3 : 0));
        Assert.That(refused, Is.GreaterThan(3 * original.Length));
    }

    [Test]
    public void Errors_name_the_file_the_tensor_and_the_place()
    {
        string data = prefix + ".data-00000-of-00001";
        byte[] bytes = File.ReadAllBytes(data);
        bytes[5] ^= 1;
        File.WriteAllBytes(data, bytes);
        using var reader = CheckpointReader.Open(prefix);
        Assert.That(() => reader.Read("a/weights"), Throws.TypeOf<FileFormatException>()
            .With.Message.Contains(data).And.Message.Contains("\"a/weights\"").And.Message.Contains("offset 0"));
        Assert.That(reader.Read<long>("step"), Is.EqualTo((long[])[7]));
    }

    [Test]
    public void Compressed_blocks_are_read()
    {
        string expected = Content();
        List<TableEntry> records = TableReader.ReadAll(prefix + ".index");
        File.WriteAllBytes(prefix + ".index", CompressedTable(records));
        Assert.That(Content(), Is.EqualTo(expected));
        byte[] original = File.ReadAllBytes(prefix + ".index");
        foreach ((string what, byte[] bytes) in Damage.Variants(original).Where((_, i) => i % 7 == 0))
        {
            File.WriteAllBytes(prefix + ".index", bytes);
            string? content = null;
            if (Damage.Reads(what, () => content = Content())) Assert.That(content, Is.EqualTo(expected), what);
        }
    }

    // Records that are wrong although every checksum fits: what a program with a fault, or ill will, could write.
    [TestCaseSource(nameof(WrongRecords))]
    public void Wrong_records_with_right_checksums_are_refused(string what, Delegate spoil)
    {
        using (var stream = new FileStream(prefix + ".index", FileMode.Create))
        {
            var header = new BundleHeaderProto { NumShards = 1, Version = new VersionDef { Producer = 1 } };
            var entry = new BundleEntryProto { Dtype = DataType.DtFloat, Shape = Shapes.ToProto([2, 3]), Size = 24 };
            ((Action<BundleHeaderProto, BundleEntryProto>)spoil)(header, entry);
            var table = new TableWriter(stream);
            table.Add([], Google.Protobuf.MessageExtensions.ToByteArray(header));
            table.Add("a/weights"u8.ToArray(), Google.Protobuf.MessageExtensions.ToByteArray(entry));
            table.Finish();
        }

        Assert.That(Damage.Reads(what, () => Content()), Is.False);
    }

    private static IEnumerable<TestCaseData> WrongRecords()
    {
        (string, Action<BundleHeaderProto, BundleEntryProto>)[] cases =
        [
            ("no shards", (header, _) => header.NumShards = 0),
            ("big-endian", (header, _) => header.Endianness = BundleHeaderProto.Types.Endianness.Big),
            ("newer version", (header, _) => header.Version.MinConsumer = 2),
            ("bad consumer", (header, _) => header.Version.BadConsumers.Add(1)),
            ("negative size", (_, entry) => entry.Shape.Dim[0].Size = -1),
            ("unknown rank", (_, entry) => entry.Shape.UnknownRank = true),
            ("shape that overflows", (_, entry) => { entry.Shape.Dim[0].Size = 1L << 40; entry.Shape.Dim[1].Size = 1L << 40; }),
            ("huge shape", (_, entry) => entry.Shape.Dim[0].Size = 1L << 38),
            ("huge tensor", (_, entry) => { entry.Shape.Dim[0].Size = 1L << 38; entry.Size = 12L << 38; }),
            ("size that does not fit", (_, entry) => entry.Size = 20),
            ("beyond the file", (_, entry) => entry.Offset = 1000),
            ("negative offset", (_, entry) => entry.Offset = -4),
            ("offset that overflows", (_, entry) => entry.Offset = long.MaxValue - 3),
            ("no such shard", (_, entry) => entry.ShardId = 1),
            ("negative shard", (_, entry) => entry.ShardId = -1),
            ("slices without records", (_, entry) => entry.Slices.Add(new TensorSliceProto { Extent = { new TensorSliceProto.Types.Extent(), new TensorSliceProto.Types.Extent() } })),
            ("slice of another rank", (_, entry) => entry.Slices.Add(new TensorSliceProto())),
            ("strings", (_, entry) => entry.Dtype = DataType.DtString),
            ("many strings", (_, entry) => { entry.Dtype = DataType.DtString; entry.Shape.Dim[0].Size = 1L << 30; }),
            ("checksum", (_, entry) => entry.Crc32C = 1),
        ];
        return cases.Select(@case => new TestCaseData(@case.Item1, @case.Item2).SetArgDisplayNames(@case.Item1));
    }

    private string Content()
    {
        using var reader = CheckpointReader.Open(prefix);
        var text = new StringBuilder();
        foreach (CheckpointEntry entry in reader.Entries)
        {
            text.Append(entry).Append(' ');
            if (entry.TypeName == "string") text.AppendJoin('|', reader.ReadStrings(entry.Name).Select(Convert.ToHexString));
            else if (entry.TypeName == "int64") text.AppendJoin('|', reader.Read<long>(entry.Name));
            else text.AppendJoin('|', reader.Read<float>(entry.Name));
            text.Append('\n');
        }

        return text.ToString();
    }

    private static byte[] CompressedTable(List<TableEntry> records)
    {
        using var file = new MemoryStream();
        var data = new BlockWriter(16);
        foreach (TableEntry record in records) data.Add(record.Key, record.Value.Span);
        (long Offset, int Size) place = WriteCompressed(file, data);
        (long Offset, int Size) meta = WriteCompressed(file, new BlockWriter(1));
        var index = new BlockWriter(1);
        index.Add([255], Handle(place));
        (long Offset, int Size) indexPlace = WriteCompressed(file, index);
        byte[] footer = [.. Handle(meta), .. Handle(indexPlace)];
        Array.Resize(ref footer, TableReader.FooterSize);
        BinaryPrimitives.WriteUInt64LittleEndian(footer.AsSpan(40), TableReader.Magic);
        file.Write(footer);
        return file.ToArray();
    }

    private static (long Offset, int Size) WriteCompressed(MemoryStream file, BlockWriter block)
    {
        long offset = file.Position;
        byte[] content = [.. SnappyEncoder.Encode(block.Finish()), 1];
        file.Write(content);
        var checksum = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, Crc32C.Mask(Crc32C.Compute(content)));
        file.Write(checksum);
        return (offset, content.Length - 1);
    }

    private static byte[] Handle((long Offset, int Size) place)
    {
        var handle = new System.Buffers.ArrayBufferWriter<byte>();
        handle.WriteVarint((ulong)place.Offset);
        handle.WriteVarint((ulong)place.Size);
        return handle.WrittenSpan.ToArray();
    }
}
