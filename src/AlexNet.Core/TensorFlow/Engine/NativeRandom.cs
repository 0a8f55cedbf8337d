namespace AlexNetTF.TensorFlow;

/// <summary>
/// Random ops in TensorFlow. A stateful op keeps the place up to which it has drawn in its kernel, out of reach; so its stateless
/// twin stands in TensorFlow's graph for it. Both fill from Philox with the key seed and the counter (sample, seed2), by the same
/// functions; the twin takes both as inputs, and the engine feeds the sample.
/// </summary>
internal static class NativeRandom
{
    /// <summary>The op that cannot be replaced: TensorFlow has no stateless kernel for it.</summary>
    public const string Shuffle = "RandomShuffle";
    private const int PhiloxAlgorithm = 1;

    /// <summary>The stateless op for a stateful one, or null.</summary>
    public static string? TwinOf(string type) => type switch
    {
        "RandomUniform" => "StatelessRandomUniformV2",
        "RandomUniformInt" => "StatelessRandomUniformIntV2",
        "RandomStandardNormal" => "StatelessRandomNormalV2",
        "TruncatedNormal" => "StatelessTruncatedNormalV2",
        _ => null,
    };

    /// <summary>Makes the twin under the op's name.</summary>
    public static RandomDraw Make(NativeGraph graph, Operation op, string twin)
    {
        AttributeMap attributes = op.GetAttributes();
        (long seed, long seed2) = RandomSeeds.Chosen(((long)attributes["seed"]!, (long)attributes["seed2"]!));
        string own = $"{NativeGraph.OwnPrefix}{op.Name}/";
        nint key = Constant(graph, own + "key", op.Device, NativeTensors.OfUInt64s([(ulong)seed]), NativeTensors.UInt64);
        nint algorithm = Constant(graph, own + "algorithm", op.Device, NativeTensors.Of(TensorData.Scalar(PhiloxAlgorithm)), (int)DType.Int32);
        nint counter = graph.Make("Placeholder", own + "counter", op.Device, [], [("dtype", (DType)NativeTensors.UInt64), ("shape", new Shape(2))]);
        NativeOutput[] inputs = [graph[op.Inputs[0]], new(key, 0), new(counter, 0), new(algorithm, 0), .. op.Inputs.Skip(1).Select(input => graph[input])];
        (string, object)[] beside = op.ColocatedWith.Count > 0 ? [("_class", attributes["_class"]!)] : [];
        nint made = graph.Make(twin, op.Name, op.Device, inputs, [("dtype", op.Output.DType), ("Tshape", op.Inputs[0].DType), .. beside], op.ControlInputs);
        nint count = graph.Make("Size", own + "count", op.Device, [new(made, 0)], [("T", op.Output.DType), ("out_type", DType.Int64)]);
        return new RandomDraw(op.Name, made, new(counter, 0), (ulong)seed2, new(count, 0));
    }

    private static nint Constant(NativeGraph graph, string name, string device, TensorHandle value, int type)
    {
        using (value) return graph.Make("Const", name, device, [], [("value", value), ("dtype", (DType)type)]);
    }
}

/// <summary>A random op in TensorFlow's graph.</summary>
/// <param name="Name">The op's name.</param>
/// <param name="Operation">Its twin.</param>
/// <param name="Counter">To be fed the sample to start at, and the op's second seed.</param>
/// <param name="Seed2">The op's second seed.</param>
/// <param name="Count">How many numbers a run drew.</param>
internal sealed record RandomDraw(string Name, nint Operation, NativeOutput Counter, ulong Seed2, NativeOutput Count);
