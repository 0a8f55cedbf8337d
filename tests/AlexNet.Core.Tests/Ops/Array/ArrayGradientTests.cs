using FsCheck;
using NumSharp;
using PropertyAttribute = FsCheck.NUnit.PropertyAttribute;

namespace AlexNetTF.Tests.Ops;

/// <summary>
/// Gradients of ops that move or add elements, checked exactly: such an op is affine, so that a gradient g for incoming
/// gradients dy is right if Σ dy·(f(v) − f(0)) = Σ g·v for any v. All numbers are small whole ones.
/// </summary>
public class ArrayGradientTests
{
    [Property(MaxTest = 100)]
    public void Reshaping(DoNotSize<int> seed) => Check(seed, (twin, x) =>
    {
        Tensor input = twin.Feed(x);
        return ([input], [
            ArrayOps.Reshape(input, [-1]),
            ArrayOps.ExpandDims(input, -1),
            ArrayOps.Squeeze(ArrayOps.ExpandDims(input, 0), [0]),
            ArrayOps.Identity(input),
            .. ArrayOps.IdentityN([input, input]),
            twin.Graph.PlaceholderWithDefault(input, Shape.OfRank(x.Rank)),
        ]);
    });

    [Property(MaxTest = 100)]
    public void Moving(DoNotSize<int> seed) => Check(seed, (twin, x) =>
    {
        Tensor input = twin.Feed(x);
        int[] perm = [.. Enumerable.Range(0, x.Rank)];
        twin.Random.Shuffle(perm);
        int axis = twin.Random.Next(x.Rank);
        return ([input], [
            ArrayOps.Transpose(input, twin.Parameter(Nd.Vector(perm))),
            ArrayOps.Transpose(input),
            ArrayOps.Reverse(input, [axis]),
            twin.Graph.Add(new ReverseOp(), [input, twin.Graph.Constant(TensorData.Vector<bool>([.. perm.Select(d => d == axis)]))]),
            ArrayOps.Tile(input, [.. perm.Select(_ => (Operand)twin.Random.Next(3))]),
            ArrayOps.BroadcastTo(ArrayOps.ExpandDims(input, axis), [2, .. x.Dims[..axis].Select(size => (Operand)size), 3, .. x.Dims[axis..].Select(size => (Operand)size)]),
        ]);
    });

    [Property(MaxTest = 100)]
    public void Cutting(DoNotSize<int> seed) => Check(seed, (twin, x) =>
    {
        Tensor input = twin.Feed(x);
        int axis = twin.Random.Next(x.Rank), cut = twin.Random.Next(x.Dims[axis] + 1);
        int[] begin = [.. x.Dims.Select(size => twin.Random.Next(size + 1))];
        IReadOnlyList<Tensor> parts = ArrayOps.SplitV(input, [cut, x.Dims[axis] - cut], axis);
        IReadOnlyList<Tensor> doubled = ArrayOps.Split(ArrayOps.Concat([input, input], axis), 2, axis);
        return ([input], [
            ArrayOps.Slice(input, twin.Parameter(Nd.Vector(begin)), ToType(twin, [.. x.Dims.Select((size, d) => twin.Random.Next(size - begin[d] + 1))])),
            ArrayOps.GetItem(input, SliceItem.Ellipsis, SliceItem.NewAxis, SliceItem.Range(null, null, -2)),
            parts[twin.Random.Next(2)],
            doubled[0],
            .. ArrayOps.Unstack(ArrayOps.Stack([input, doubled[1]], axis), 2, axis).Take(1),
        ]);
    }, onlyInt32: true);

    [Property(MaxTest = 100)]
    public void Padding(DoNotSize<int> seed) => Check(seed, (twin, x) =>
    {
        Tensor input = twin.Feed(x), value = twin.Graph.Constant(Nd.Scalar(5).ToArray(twin.Type));
        Operand paddings = Operand.List([.. x.Dims.Select(size => Operand.List([twin.Random.Next(Math.Max(1, size)), twin.Random.Next(Math.Max(1, size))]))]);
        List<Tensor> outputs = [ArrayOps.Pad(input, paddings), ArrayOps.Pad(input, paddings, constantValues: value), ArrayOps.Pad(input, paddings, PadMode.Symmetric)];
        if (!x.Dims.Contains(0)) outputs.Add(ArrayOps.Pad(input, paddings, PadMode.Reflect));
        return ([input], outputs);
    });

    [Property(MaxTest = 100)]
    public void Joining(DoNotSize<int> seed) => Check(seed, (twin, x) =>
    {
        int axis = twin.Random.Next(x.Rank), count = twin.Random.Next(6) == 0 ? 18 : twin.Random.Next(2, 5);
        Tensor[] inputs = [.. Enumerable.Range(0, count).Select(_ => twin.Feed(Nd.Random(twin.Random, x.Dims)))];
        Tensor older = twin.Graph.Add(new ConcatOp(), [twin.Graph.Constant(TensorData.Scalar(axis)), .. inputs]);
        return (inputs, [ArrayOps.Concat(inputs, twin.Axis(axis, x.Rank)), older, ArrayOps.Stack(inputs, axis)]);
    });

    [Property(MaxTest = 100)]
    public void Picking(DoNotSize<int> seed) => Check(seed, (twin, x) =>
    {
        Tensor input = twin.Feed(x);
        int axis = twin.Random.Next(x.Rank);
        Operand Indices(int size) => twin.Parameter(Nd.Make(twin.Dims(0, 2), _ => twin.Random.Next(size)));
        List<Tensor> outputs = [];
        if (x.Dims[axis] > 0) outputs.Add(ArrayOps.Gather(input, Indices(x.Dims[axis]), twin.Axis(axis, x.Rank)));
        if (x.Dims[0] > 0)
        {
            outputs.Add(ArrayOps.Gather(input, Indices(x.Dims[0])));
            outputs.Add(twin.Graph.Add(new GatherOp(), [input, Indices(x.Dims[0]).ToTensor(twin.Graph, null, "i")]));
        }

        Tensor ids = twin.Graph.Constant(Nd.Make(x.Dims[..1], _ => twin.Random.Next(-1, 3)).ToArray(DType.Int32));
        outputs.Add(MathOps.UnsortedSegmentSum(input, ids, 3));
        outputs.Add(ArrayOps.DynamicStitch([twin.Graph.Constant(Nd.Vector(Enumerable.Range(1, x.Dims[0])).ToArray(DType.Int32))], [input]));
        outputs.Add(ArrayOps.Fill([2, 3], ArrayOps.Reshape(MathOps.Sum(input), [])));
        return ([input], outputs);
    });

    [Property(MaxTest = 100)]
    public void PickingPerBatch(DoNotSize<int> seed) => Check(seed, (twin, x) =>
    {
        Tensor input = twin.Graph.Placeholder(twin.Type, Shape.OfRank(x.Rank));
        twin.Give(input, x);
        int axis = twin.Random.Next(x.Rank), batch = twin.Random.Next(1, axis + 2);
        if (batch > axis) batch = axis;
        int size = x.Dims[axis];
        Nd indices = Nd.Make([.. x.Dims[..batch], size == 0 ? 0 : 2], _ => twin.Random.Next(size));
        Tensor places = twin.Graph.Placeholder(DType.Int32, Shape.OfRank(indices.Rank));
        twin.Give(places, indices);
        return ([input], [ArrayOps.Gather(input, places, twin.Axis(axis, x.Rank), batch == 0 ? 0 : twin.Axis(batch, indices.Rank))]);
    });

    private static NDArray ToType(Twin twin, int[] values) => Nd.Vector(values).ToArray(DType.Int32);

    private static void Check(DoNotSize<int> seed, Func<Twin, Nd, (Tensor[] Inputs, List<Tensor> Outputs)> build, bool onlyInt32 = false)
    {
        var twin = new Twin(seed.Item) { OnlyInt32 = onlyInt32 };
        twin.Type = twin.Random.Next(2) == 0 ? DType.Float32 : DType.Float64;
        (Tensor[] inputs, List<Tensor> outputs) = build(twin, Nd.Random(twin.Random, twin.Dims(1, 4, 4)));
        NDArray[] values = twin.Run(outputs);
        Tensor[] incoming = [.. values.Select(value => twin.Graph.Constant(Nd.Random(twin.Random, Nd.From(value).Dims).ToArray(twin.Type)))];
        Tensor?[] gradients = Gradients.Compute(outputs, inputs, incoming);
        Assert.That(gradients, Has.None.Null);
        NDArray[] found = twin.Run([.. gradients.Select(gradient => gradient!), .. incoming]);
        double expected = Dot(values, found.AsSpan(inputs.Length)) - Dot(twin.RunAtZero(outputs, inputs), found.AsSpan(inputs.Length));
        double actual = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            Nd value = twin.ValueOf(inputs[i]), gradient = Nd.From(found[i]);
            Assert.That(gradient.Dims, Is.EqualTo(value.Dims));
            actual += value.Values.Zip(gradient.Values, (a, b) => (double)a * b).Sum();
        }

        Assert.That(actual, Is.EqualTo(expected));
    }

    private static double Dot(NDArray[] values, ReadOnlySpan<NDArray> weights)
    {
        double sum = 0;
        for (int i = 0; i < values.Length; i++) sum += Nd.From(values[i]).Values.Zip(Nd.From(weights[i]).Values, (a, b) => (double)a * b).Sum();
        return sum;
    }
}
