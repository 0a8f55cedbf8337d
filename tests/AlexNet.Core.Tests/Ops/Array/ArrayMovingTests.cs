using FsCheck;
using PropertyAttribute = FsCheck.NUnit.PropertyAttribute;

namespace AlexNetTF.Tests.Ops;

/// <summary>Ops that put one tensor's elements elsewhere, against a loop over indices.</summary>
public class ArrayMovingTests
{
    [Property(MaxTest = 150)]
    public void Reshape(DoNotSize<int> seed)
    {
        var twin = new Twin(seed.Item);
        int[] target = twin.Dims(0, 4);
        int count = target.Aggregate(1, (product, size) => product * size);
        Nd x = Nd.Random(twin.Random, Factor(twin.Random, count));
        int[] given = [.. target];
        if (count > 0 && target.Length > 0 && twin.Random.Next(2) == 0) given[twin.Random.Next(target.Length)] = -1;

        twin.Expect(ArrayOps.Reshape(twin.Feed(x), twin.Parameter(Nd.Vector(given))), new Nd(target, x.Values));
    }

    [Property(MaxTest = 100)]
    public void ExpandDimsAndSqueezeUndoEachOther(DoNotSize<int> seed)
    {
        var twin = new Twin(seed.Item);
        Nd x = Nd.Random(twin.Random, twin.Dims(0, 4));
        int axis = twin.Random.Next(x.Rank + 1);
        int[] dims = [.. x.Dims[..axis], 1, .. x.Dims[axis..]];
        Tensor input = twin.Feed(x);

        Tensor expanded = ArrayOps.ExpandDims(input, twin.Parameter(Nd.Scalar(twin.Axis(axis, dims.Length))));
        Tensor back = ArrayOps.Squeeze(expanded, [twin.Axis(axis, dims.Length)]);
        Tensor dropped = ArrayOps.Squeeze(expanded);

        twin.Expect([expanded, back, dropped], new Nd(dims, x.Values), x, new Nd([.. x.Dims.Where(size => size != 1)], x.Values));
    }

    [Property(MaxTest = 200)]
    public void Transpose(DoNotSize<int> seed)
    {
        var twin = new Twin(seed.Item);
        Nd x = Nd.Random(twin.Random, twin.Dims(0, 5));
        int[] perm = [.. Enumerable.Range(0, x.Rank)];
        twin.Random.Shuffle(perm);
        Nd expected = Nd.Make([.. perm.Select(d => x.Dims[d])], index =>
        {
            var from = new int[x.Rank];
            for (int i = 0; i < perm.Length; i++) from[perm[i]] = index[i];
            return x[from];
        });
        Operand order = twin.Parameter(Nd.Vector(perm));
        Tensor y = ArrayOps.Transpose(twin.Feed(x), order);

        twin.Expect(y, expected);
        Tensor inverse = ArrayOps.InvertPermutation(order.ToTensor(twin.Graph, null, "perm"));
        twin.Expect([ArrayOps.Transpose(y, inverse)], x);
    }

    [Test]
    public void TransposeTurnsTheOrderRoundByDefault()
    {
        var twin = new Twin(1) { Type = DType.Float32 };
        Nd x = Nd.Random(twin.Random, 2, 3, 4);
        Tensor input = twin.Graph.Placeholder(DType.Float32, new Shape(2, 3, 4));

        Tensor y = ArrayOps.Transpose(input);

        Assert.That(y.Shape, Is.EqualTo(new Shape(4, 3, 2)));
        Assert.That(y.Op.Inputs[1].Name, Is.EqualTo("transpose/perm:0"));
        using var session = new Session(twin.Graph);
        Nd found = Nd.From(session.Run(y, new Feeds { [input] = x.ToArray(DType.Float32) }));
        Assert.That(found.Values, Is.EqualTo(Nd.Make([4, 3, 2], i => x[i[2], i[1], i[0]]).Values));
    }

    [Property(MaxTest = 100)]
    public void Tile(DoNotSize<int> seed)
    {
        var twin = new Twin(seed.Item);
        Nd x = Nd.Random(twin.Random, twin.Dims(0, 4, 4));
        int[] multiples = [.. x.Dims.Select(_ => twin.Random.Next(10) == 0 ? 0 : twin.Random.Next(1, 4))];

        twin.Expect(
            ArrayOps.Tile(twin.Feed(x), twin.Parameter(Nd.Vector(multiples))),
            Nd.Make([.. x.Dims.Zip(multiples, (size, times) => size * times)], index => x[[.. index.Select((i, d) => i % x.Dims[d])]]));
    }

    [Property(MaxTest = 150)]
    public void Pad(DoNotSize<int> seed)
    {
        var twin = new Twin(seed.Item);
        Nd x = Nd.Random(twin.Random, twin.Dims(0, 4, 4));
        (int Before, int After)[] paddings = [.. x.Dims.Select(_ => (twin.Random.Next(3), twin.Random.Next(3)))];
        bool withValue = twin.Random.Next(2) == 0;
        Nd value = Nd.Scalar(withValue ? twin.Random.Next(100) : 0);
        Tensor y = ArrayOps.Pad(twin.Feed(x), twin.Parameter(Paddings(paddings)), constantValues: withValue ? (Operand?)twin.Feed(value) : null);

        Assert.That(y.Op.Type, Is.EqualTo(withValue ? "PadV2" : "Pad"));
        twin.Expect(y, Nd.Make(
            [.. x.Dims.Zip(paddings, (size, padding) => size + padding.Before + padding.After)],
            index =>
            {
                int[] inner = [.. index.Select((i, d) => i - paddings[d].Before)];
                return Enumerable.Range(0, x.Rank).All(d => inner[d] >= 0 && inner[d] < x.Dims[d]) ? x[inner] : value.Values[0];
            }));
    }

    [Property(MaxTest = 150)]
    public void MirrorPad(DoNotSize<int> seed)
    {
        var twin = new Twin(seed.Item);
        Nd x = Nd.Random(twin.Random, [.. twin.Dims(1, 3, 5).Select(size => Math.Max(1, size))]);
        PadMode mode = twin.Random.Next(2) == 0 ? PadMode.Reflect : PadMode.Symmetric;
        int skip = mode == PadMode.Reflect ? 1 : 0;
        (int Before, int After)[] paddings = [.. x.Dims.Select(size => (twin.Random.Next(size - skip + 1), twin.Random.Next(size - skip + 1)))];

        twin.Expect(
            ArrayOps.Pad(twin.Feed(x), twin.Parameter(Paddings(paddings)), mode),
            Nd.Make(
                [.. x.Dims.Zip(paddings, (size, padding) => size + padding.Before + padding.After)],
                index => x[[.. index.Select((i, d) => Mirrored(i - paddings[d].Before, x.Dims[d], skip))]]));
    }

    [Property(MaxTest = 100)]
    public void Slice(DoNotSize<int> seed)
    {
        var twin = new Twin(seed.Item);
        Nd x = Nd.Random(twin.Random, twin.Dims(1, 4));
        int[] begin = [.. x.Dims.Select(size => twin.Random.Next(size + 1))];
        int[] size = [.. x.Dims.Select((whole, d) => twin.Random.Next(whole - begin[d] + 1))];
        int[] given = [.. size.Select((s, d) => s == x.Dims[d] - begin[d] && twin.Random.Next(2) == 0 ? -1 : s)];
        DType type = twin.Random.Next(2) == 0 ? DType.Int32 : DType.Int64;

        twin.Expect(
            ArrayOps.Slice(twin.Feed(x), Nd.Vector(begin).ToArray(type), Nd.Vector(given).ToArray(type)),
            Nd.Make(size, index => x[[.. index.Select((i, d) => i + begin[d])]]));
    }

    [Property(MaxTest = 100)]
    public void Reverse(DoNotSize<int> seed)
    {
        var twin = new Twin(seed.Item);
        Nd x = Nd.Random(twin.Random, twin.Dims(0, 4));
        bool[] turned = [.. x.Dims.Select(_ => twin.Random.Next(2) == 0)];
        int[] axes = [.. Enumerable.Range(0, x.Rank).Where(d => turned[d]).Select(d => twin.Axis(d, x.Rank))];
        Nd expected = Nd.Make(x.Dims, index => x[[.. index.Select((i, d) => turned[d] ? x.Dims[d] - 1 - i : i)]]);
        Tensor input = twin.Feed(x), dims = twin.Graph.Constant(TensorData.Vector<bool>(turned));

        twin.Expect([ArrayOps.Reverse(input, twin.Parameter(Nd.Vector(axes))), twin.Graph.Add(new ReverseOp(), [input, dims])], expected, expected);
    }

    [Property(MaxTest = 100)]
    public void BroadcastTo(DoNotSize<int> seed)
    {
        var twin = new Twin(seed.Item);
        int[] target = twin.Dims(0, 4);
        int added = twin.Random.Next(target.Length + 1);
        Nd x = Nd.Random(twin.Random, [.. target[added..].Select(size => twin.Random.Next(2) == 0 ? 1 : size)]);

        twin.Expect(
            ArrayOps.BroadcastTo(twin.Feed(x), twin.Parameter(Nd.Vector(target))),
            Nd.Make(target, index => x[[.. index[added..].Select((i, d) => x.Dims[d] == 1 ? 0 : i)]]));
    }

    private static Nd Paddings((int Before, int After)[] paddings) => Nd.Make([paddings.Length, 2], index => index[1] == 0 ? paddings[index[0]].Before : paddings[index[0]].After);

    private static int Mirrored(int i, int size, int skip) => i < 0 ? -i - 1 + skip : i >= size ? (2 * size) - 1 - skip - i : i;

    private static int[] Factor(Random random, int count)
    {
        if (count == 0) return [random.Next(1, 4), 0];
        var dims = new List<int>();
        for (int divisor = 2; count > 1; divisor++)
        {
            while (count % divisor == 0)
            {
                dims.Add(divisor);
                count /= divisor;
            }
        }

        int[] shuffled = [.. dims];
        random.Shuffle(shuffled);
        return shuffled;
    }
}
