using NumSharp;

namespace AlexNetTF.Benchmarks;

/// <summary>The article's network with TensorFlow's initial values of seed 1 in this library.</summary>
internal sealed class OwnNetwork : ISide
{
    private readonly AlexNet _net;
    private readonly Operation _initializer;
    private Session? _floats;
    private Session? _bytes;

    public OwnNetwork()
    {
        var graph = new Graph();
        graph.SetRandomSeed(1);
        _net = new AlexNet(graph.Placeholder(DType.Float32, new Shape(null, 227, 227, 3), "x"), 1f, 1000);
        _initializer = graph.GlobalVariablesInitializer();
    }

    public Tensor Input => _net.Input;

    public Tensor Scores => _net.Fc8;

    public Session Floats => _floats ??= Open(new());

    /// <summary>Pictures of numbers that are as good as any.</summary>
    public static float[] Pictures(int batch)
    {
        var pictures = new float[batch * 227 * 227 * 3];
        for (int i = 0; i < pictures.Length; i++) pictures[i] = (int)((uint)(i * 2654435761L) >> 24) - 117;
        return pictures;
    }

    public static NDArray Batch(int batch) => ((NDArray)Pictures(batch)).reshape(batch, 227, 227, 3);

    public Action Call(string row)
    {
        BatchRow asked = BatchRow.Parse(row);
        Session session = asked.Int8 ? _bytes ??= Open(new() { Precision = Precision.Int8 }) : Floats;
        var feeds = new Feeds { [Input] = Batch(asked.Batch) };
        return () => session.Run(Scores, feeds).ToArray<float>();
    }

    public void Dispose()
    {
        _floats?.Dispose();
        _bytes?.Dispose();
    }

    public Session Open(SessionOptions options)
    {
        var session = new Session(_net.Input.Graph, options);
        session.Run(_initializer);
        return session;
    }
}
