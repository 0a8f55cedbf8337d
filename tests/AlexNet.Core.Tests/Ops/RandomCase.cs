using System.Text;
using System.Text.Json;
using AlexNetTF.TensorFlow;
using AlexNetTF.TensorFlow.Protos;
using AlexNetTF.Testing;

namespace AlexNetTF.Tests.Ops;

/// <summary>The graph of one case of golden/random.</summary>
internal sealed partial class RandomCase
{
    private readonly GoldenCase golden;
    private long implicitSeeds;

    private RandomCase(GoldenCase golden)
    {
        this.golden = golden;
        Graph.SetRandomSeed(golden.Root.LongOrNull("graph_seed"));
        Graph.SeedRule = golden.Root.Text("implicit_seed_rule", "counter") == "counter" ? SeedRule.Counter : SeedRule.LastOpId;
    }

    public Graph Graph { get; } = new();

    public Dictionary<string, Tensor> Outputs { get; } = new(StringComparer.Ordinal);

    public Feeds Feeds { get; } = [];

    /// <summary>To be run before each run; null where there are no variables.</summary>
    public Operation? Initializer { get; private set; }

    private long? Seed => golden.Root.LongOrNull("op_seed");

    /// <summary>Builds the case's graph; null where its op is not known.</summary>
    public static RandomCase? Build(GoldenCase golden)
    {
        var built = new RandomCase(golden);
        bool byHelper = golden.Attrs.Has("shape");
        switch (golden.Op)
        {
            case "random_uniform" when byHelper:
            case "random_uniform_int" when byHelper:
                built.Outputs.Add("y", built.Graph.RandomUniform(built.ShapeOf(), built.Number("minval"), built.Number("maxval"), TypeOf(golden), built.Seed, "r"));
                return built;
            case "random_normal" when byHelper:
                built.Outputs.Add("y", built.Graph.RandomNormal(built.ShapeOf(), built.Number("mean"), built.Number("stddev"), TypeOf(golden), built.Seed, "r"));
                return built;
            case "truncated_normal" when byHelper:
                built.Outputs.Add("y", built.Graph.TruncatedNormal(built.ShapeOf(), built.Number("mean"), built.Number("stddev"), TypeOf(golden), built.Seed, "r"));
                return built;
            case "random_shuffle":
                built.Outputs.Add("y", RandomOps.RandomShuffle(built.ShuffledValue(), built.Seed, "shuffle"));
                return built;
            case "random_uniform":
            case "random_normal":
            case "truncated_normal":
            case "composite":
                built.Replay();
                return built;
            case "dropout":
                built.AddDropout();
                return built;
            case "get_variable":
                built.AddVariables();
                return built;
            default:
                return null;
        }
    }

    private static DType TypeOf(GoldenCase golden) => Enum.GetValues<DType>().Single(type => type.Name() == golden.Outputs.GetAt(0).Value.DType);

    private Operand ShapeOf() => golden.Attrs.Ints("shape");

    private Operand? Number(string key) => golden.Attrs.Find(key) is not { } value
        ? (Operand?)null
        : value.TryGetInt64(out long whole) ? (Operand)whole : (Operand)value.AsDouble();

    // What is shuffled stands in the graph's text: a Const or a Range.
    private Tensor ShuffledValue()
    {
        GraphDef def = ReadGraph();
        NodeDef shuffle = def.Node.Single(node => node.Op == "RandomShuffle");
        NodeDef source = Find(shuffle.Input[0]);
        if (source.Op == "Const") return Graph.Constant(Value(source.Attr["value"].Tensor));
        if (source.Op != "Range") throw new InvalidDataException($"The tests rebuild no {source.Op} to shuffle.");
        Operand[] bounds = [.. source.Input.Select(input => (Operand)Value(Find(input).Attr["value"].Tensor).ToNDArray())];
        return Graph.Add(new RangeOp(), [.. bounds.Select((bound, i) => bound.ToTensor(Graph, null, $"bound{i}"))]);

        NodeDef Find(string name) => def.Node.Single(node => node.Name == name);
    }

    private GraphDef ReadGraph() => GraphFile.Parse(Encoding.UTF8.GetBytes(golden.Root.Text("graphdef")), golden.Path).Graph;

    /// <summary>
    /// Rebuilds the graph from its text, node for node, with the seeds that the rule gives: where a node's op seed is not
    /// what the rule says it must have been given.
    /// </summary>
    private void Replay()
    {
        foreach (NodeDef node in ReadGraph().Node) Add(node);
        Operation[] ends = [.. Graph.Operations.Where(op => op.Type != "Const" && !Graph.Operations.Any(user => user.Inputs.Any(input => input.Op == op)))];
        string[] names = [.. golden.Root.Get("runs").EnumerateArray().SelectMany(run => run.EnumerateArray()).Select(name => name.GetString()!).Distinct()];
        foreach (string name in names)
        {
            // An output is a node of its name, or the op inside the helper's scope of its name, or one of the graph's ends.
            Operation op = Graph.HasOperation(name) ? Graph.GetOperation(name)
                : Graph.Operations.FirstOrDefault(each => each.Type != "Const" && each.Name.StartsWith(name + "/", StringComparison.Ordinal))
                    ?? ends[Array.IndexOf(names, name)];
            Outputs.Add(name, op.Output);
        }
    }

    private void Add(NodeDef node)
    {
        Tensor[] inputs = [.. node.Input.Select(Graph.GetTensor)];
        OpDef op = node.Op switch
        {
            "Const" => new ConstOp(Value(node.Attr["value"].Tensor)),
            "RandomUniform" => new RandomUniformOp(TypeOf(node), SeedsOf(node)),
            "RandomStandardNormal" => new RandomStandardNormalOp(TypeOf(node), SeedsOf(node)),
            "TruncatedNormal" => new TruncatedNormalOp(TypeOf(node), SeedsOf(node)),
            "RandomUniformInt" => new RandomUniformIntOp(SeedsOf(node)),
            "RandomShuffle" => new RandomShuffleOp(SeedsOf(node)),
            "Range" => new RangeOp(),
            "Identity" => new IdentityOp(),
            "Add" or "AddV2" => new AddV2Op(),
            "Sub" => new SubOp(),
            "Mul" => new MulOp(),
            _ => throw new InvalidDataException($"The tests rebuild no {node.Op}."),
        };
        Graph.Add(op, inputs, node.Name + "/");
    }

    private (long, long) SeedsOf(NodeDef node)
    {
        long given = node.Attr["seed2"].I;
        if (golden.Root.LongOrNull("graph_seed") is null || given != NextImplicit()) return Graph.TakeSeeds(given);
        implicitSeeds++;
        return Graph.TakeSeeds(null);
    }

    private long NextImplicit() => Graph.SeedRule == SeedRule.Counter ? implicitSeeds : Graph.Operations.Count;

    private static DType TypeOf(NodeDef node) => (DType)(int)node.Attr["dtype"].Type;

    private static unsafe TensorData Value(TensorProto proto)
    {
        TensorValue value = TensorCodec.Decode(proto, "graphdef", "a Const");
        var data = new TensorData((DType)(int)value.Type, Array.ConvertAll(value.Shape, size => (int)size));
        value.Bytes.Span.CopyTo(new Span<byte>(data.Memory.Pointer, (int)data.Bytes));
        return data;
    }
}
