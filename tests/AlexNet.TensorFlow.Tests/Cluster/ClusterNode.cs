using System.Globalization;
using AlexNetTF.Testing;
using NumSharp;

namespace AlexNetTF.TensorFlow.Tests;

/// <summary>One process of the cluster that <see cref="ClusterTests"/> starts: a parameter server, or a worker that trains a small net.</summary>
public class ClusterNode
{
    public const string Folder = "ALEXNET_TEST_CLUSTER", Job = "ALEXNET_TEST_JOB", TaskNumber = "ALEXNET_TEST_TASK";
    public const string Stop = "stop";
    private const int Classes = 4, Size = 8, Batch = 16;

    [Test]
    public void Run()
    {
        if (Environment.GetEnvironmentVariable(Folder) is not { Length: > 0 } folder)
        {
            Assert.Pass("This process is no part of a cluster.");
            return;
        }

        string job = Environment.GetEnvironmentVariable(Job)!;
        int task = int.Parse(Environment.GetEnvironmentVariable(TaskNumber)!, CultureInfo.InvariantCulture);
        TensorFlowServer server = TensorFlowServer.Start(TensorFlowCluster.Load(Path.Combine(folder, "cluster.json")), job, task);
        File.WriteAllText(Path.Combine(folder, $"{job}{task}.ready"), server.Target);
        if (job == "ps") server.Join();
        else Train(folder, task, server.Target);
    }

    private static void Train(string folder, int task, string target)
    {
        var graph = new Graph();
        graph.SetRandomSeed(1);
        Variable step = Build(graph, task, out Tensor x, out Tensor labels, out Tensor loss, out Operation train);
        Operation initializer = graph.GlobalVariablesInitializer();
        using Session session = Open(graph, step, new SessionOptions { Engine = Engine.TensorFlow, Target = target, DeviceFilters = ["/job:ps", $"/job:worker/task:{task}"] }, task == 0 ? initializer : null);
        using StreamWriter log = File.AppendText(Path.Combine(folder, $"worker{task}.log"));
        log.AutoFlush = true;
        for (int round = 0; ; round++)
        {
            (NDArray pictures, NDArray classes) = Pictures(((round * 2) + task) % 20);
            NDArray?[] results = session.Run(new Fetch[] { train, loss, step.Value }, new Feeds { [x] = pictures, [labels] = classes });
            long done = results[2]!.GetAtIndex<long>(0);
            log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done} {results[1]!.GetAtIndex<float>(0)}"));
            if (File.Exists(Path.Combine(folder, Stop))) return;
        }
    }

    // The first worker gives the variables their first values; the others wait for them, each time with a new session, as
    // TensorFlow's own session manager does.
    private static Session Open(Graph graph, Variable step, SessionOptions options, Operation? initializer)
    {
        while (true)
        {
            var session = new Session(graph, options);
            if (initializer is not null && !step.IsInitialized(session)) session.Run(initializer);
            if (graph.GlobalVariables().All(variable => variable.IsInitialized(session))) return session;
            session.Dispose();
            Thread.Sleep(100);
        }
    }

    // Variables on the parameter server, everything else on the worker.
    private static Variable Build(Graph graph, int task, out Tensor x, out Tensor labels, out Tensor loss, out Operation train)
    {
        using IDisposable device = graph.Device($"/job:worker/task:{task}");
        x = graph.Placeholder(DType.Float32, new Shape(null, Size, Size, 3), "x");
        labels = graph.Placeholder(DType.Float32, new Shape(null, Classes), "labels");
        Variable filters, biases, weights, offsets, step;
        using (graph.Device("/job:ps/task:0"))
        {
            filters = graph.GetVariable("conv/weights", new Shape(3, 3, 3, 8));
            biases = graph.GetVariable("conv/biases", new Shape(8), initializer: Initializer.Zeros);
            weights = graph.GetVariable("fc/weights", new Shape(4 * 4 * 8, Classes));
            offsets = graph.GetVariable("fc/biases", new Shape(Classes), initializer: Initializer.Zeros);
            step = graph.GetVariable("global_step", Shape.Scalar, DType.Int64, Initializer.Zeros, trainable: false);
        }

        Tensor conv = AlexNetTF.Nn.Relu(AlexNetTF.Nn.BiasAdd(AlexNetTF.Nn.Conv2D(x, filters, [1, 1, 1, 1], Padding.Same), biases));
        Tensor pool = AlexNetTF.Nn.MaxPool(conv, [1, 2, 2, 1], [1, 2, 2, 1], Padding.Valid);
        Tensor logits = AlexNetTF.Nn.XwPlusB(ArrayOps.Reshape(pool, new[] { -1, 4 * 4 * 8 }), weights, offsets);
        loss = MathOps.Mean(AlexNetTF.Nn.SoftmaxCrossEntropyWithLogits(labels, logits));
        train = new GradientDescentOptimizer(0.02f).Minimize(loss, [filters, biases, weights, offsets], step);
        return step;
    }

    // Class c is bright in its own quarter.
    private static (NDArray Pictures, NDArray Labels) Pictures(int batch)
    {
        float[] pixels = Recipe.Fill($"cluster {batch}", (long)Batch * Size * Size * 3, -1, 1), labels = new float[Batch * Classes];
        for (int i = 0; i < Batch; i++)
        {
            int label = (i + batch) % Classes;
            labels[(i * Classes) + label] = 1;
            for (int row = 0; row < 4; row++)
            {
                int start = (((((i * Size) + row + (label / 2 * 4)) * Size) + (label % 2 * 4)) * 3);
                for (int j = 0; j < 12; j++) pixels[start + j] += 0.7f;
            }
        }

        return (TensorData.Of<float>(pixels, [Batch, Size, Size, 3]).ToNDArray(), TensorData.Of<float>(labels, [Batch, Classes]).ToNDArray());
    }
}
