namespace AlexNetTF.Tests.Ops;

/// <summary>
/// One random trial of an op against its brute-force twin: a random element type, placeholders that know all, some or
/// nothing of their shapes, parameters that are constants or fed.
/// </summary>
internal sealed class Twin
{
    private static readonly DType[] Types = [.. Enum.GetValues<DType>().Where(type => type != DType.String)];
    private readonly Feeds feeds = [];
    private readonly bool parametersAreFed;

    public Twin(int seed)
    {
        Random = new Random(seed);
        Type = Types[Random.Next(Types.Length)];
        parametersAreFed = Random.Next(3) == 0;
    }

    public Random Random { get; }

    public Graph Graph { get; } = new();

    public DType Type { get; set; }

    /// <summary>Sizes, seldom 0.</summary>
    public int[] Dims(int leastRank, int mostRank, int most = 5) =>
        [.. Enumerable.Range(0, Random.Next(leastRank, mostRank + 1)).Select(_ => Random.Next(12) == 0 ? 0 : Random.Next(1, most + 1))];

    /// <summary>A dimension, counted from either side.</summary>
    public int Axis(int axis, int rank) => Random.Next(2) == 0 ? axis : axis - rank;

    public Tensor Feed(Nd value, DType? type = null)
    {
        Shape shape = Random.Next(4) switch
        {
            0 => Shape.Unknown,
            1 => Shape.OfRank(value.Rank),
            2 => new Shape([.. value.Dims.Select(size => Random.Next(2) == 0 ? size : (int?)null)]),
            _ => Shape.Of(value.Dims),
        };
        Tensor placeholder = Graph.Placeholder(type ?? Type, shape);
        feeds[placeholder] = value.ToArray(type ?? Type);
        return placeholder;
    }

    /// <summary>Feeds a placeholder that the test made itself.</summary>
    public void Give(Tensor placeholder, Nd value) => feeds[placeholder] = value.ToArray(placeholder.DType);

    /// <summary>A parameter, as a constant or as a fed tensor of int32 or int64.</summary>
    public Operand Parameter(Nd value)
    {
        DType type = Random.Next(2) == 0 || OnlyInt32 ? DType.Int32 : DType.Int64;
        return parametersAreFed ? Feed(value, type) : value.ToArray(type);
    }

    /// <summary>Whether parameters are int32 only.</summary>
    public bool OnlyInt32 { get; set; }

    /// <summary>Runs the tensors and compares values, sizes, and what was known of the sizes before.</summary>
    public void Expect(IReadOnlyList<Tensor> actual, params Nd[] expected)
    {
        Assert.That(actual, Has.Count.EqualTo(expected.Length));
        using var session = new Session(Graph);
        NumSharp.NDArray[] results = session.Run([.. actual], feeds);
        for (int i = 0; i < expected.Length; i++)
        {
            Nd wanted = actual[i].DType == DType.Bool ? expected[i].Map(value => value % 2) : expected[i], found = Nd.From(results[i]);
            Assert.That(found.Dims, Is.EqualTo(wanted.Dims), $"sizes of {actual[i]}");
            Assert.That(found.Values, Is.EqualTo(wanted.Values), $"values of {actual[i]} of {Type}");
            Assert.That(actual[i].Shape.IsCompatibleWith(Shape.Of(wanted.Dims)), Is.True, $"{actual[i]} was said to have the shape it has, {string.Join(",", wanted.Dims)}");
        }
    }

    public void Expect(Tensor actual, Nd expected) => Expect([actual], expected);

    /// <summary>The tensors' values.</summary>
    public NumSharp.NDArray[] Run(IEnumerable<Tensor> tensors)
    {
        using var session = new Session(Graph);
        return session.Run([.. tensors], feeds);
    }

    /// <summary>The tensors' values where some inputs are 0.</summary>
    public NumSharp.NDArray[] RunAtZero(IEnumerable<Tensor> tensors, Tensor[] inputs)
    {
        var changed = new Feeds();
        foreach ((Tensor tensor, NumSharp.NDArray value) in feeds)
        {
            changed[tensor] = inputs.Contains(tensor) ? Nd.From(value).Map(_ => 0).ToArray(tensor.DType) : value;
        }

        using var session = new Session(Graph);
        return session.Run([.. tensors], changed);
    }

    /// <summary>What a placeholder is fed.</summary>
    public Nd ValueOf(Tensor placeholder) => Nd.From(feeds[placeholder]);
}
