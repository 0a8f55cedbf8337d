using NumSharp;

namespace AlexNetTF.TensorFlow.Tests;

/// <summary>What a session promises, with TensorFlow as its engine.</summary>
public class EngineTests : NeedsTensorFlow
{
    private static readonly SessionOptions Options = new() { Engine = Engine.TensorFlow };

    [Test]
    public void VersionFileAndDevicesAreShown()
    {
        Assert.That(LoadedLibrary.IsNewEnough(TensorFlowLibrary.Version));
        Assert.That(File.Exists(TensorFlowLibrary.File));
        Assert.That(TensorFlowLibrary.GetDevices().Select(device => device.Type), Does.Contain("CPU"));
        Assert.Throws<AlexNetException>(() => TensorFlowLibrary.Path = "/elsewhere");
    }

    [Test]
    public void AGraphMayGrowBetweenRunsAndVariablesKeepTheirValues()
    {
        var graph = new Graph();
        Variable v = graph.GetVariable("v", new Shape(2), initializer: Initializer.Constant(3));
        using var session = new Session(graph, Options);
        Assert.That(v.IsInitialized(session), Is.False);
        session.Run(graph.GlobalVariablesInitializer());
        Assert.That(v.IsInitialized(session), Is.True);
        Assert.That(session.Run(v.Value).ToArray<float>(), Is.EqualTo(new[] { 3f, 3f }));
        Tensor doubled = v.Value * 2;
        Operation step = StateOps.AssignAdd(v.Reference, new[] { 1f, 2f }).Op;
        session.Run(step);
        Assert.That(session.Run(doubled).ToArray<float>(), Is.EqualTo(new[] { 8f, 10f }));
    }

    [Test]
    public void ValuesAreWrittenWithoutOperationsOfTheGraphs()
    {
        var graph = new Graph();
        Variable v = graph.GetVariable("scope/v", new Shape(2, 2));
        int operations = graph.Operations.Count;
        using var session = new Session(graph, Options);
        v.Load(np.array(new float[,] { { 1, 2 }, { 3, 4 } }), session);
        Assert.That(session.Run(v.Value).ToArray<float>(), Is.EqualTo(new[] { 1f, 2, 3, 4 }));
        Assert.That(graph.Operations, Has.Count.EqualTo(operations));
    }

    [Test]
    public void AFailingFillChangesNothing()
    {
        var graph = new Graph();
        Variable v = graph.GetVariable("v", new Shape(1)), w = graph.GetVariable("w", new Shape(1));
        using var session = new Session(graph, Options);
        v.Load(new NDArray(new[] { 1f }), session);
        Assert.Throws<InvalidDataException>(() => session.Engine.Write(
            [new(v.Op, Fill), new(w.Op, _ => throw new InvalidDataException())]));
        Assert.That(session.Run(v.Value).ToArray<float>(), Is.EqualTo(new[] { 1f }));
        Assert.That(w.IsInitialized(session), Is.False);

        static unsafe void Fill(nint at) => *(float*)at = 7;
    }

    [Test]
    public void FedTensorsAreFetchedToo()
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, Shape.OfRank(1), "x"), y = x * 2;
        using var session = new Session(graph, Options);
        NDArray[] results = session.Run([y, x, y], new Feeds { [x] = new[] { 1f, 2 } });
        Assert.That(results.Select(result => result.ToArray<float>()), Is.EqualTo(new float[][] { [2, 4], [1, 2], [2, 4] }));
        Assert.That(session.Run(y, new Feeds { [y] = new[] { 9f } }).ToArray<float>(), Is.EqualTo(new[] { 9f }));
    }

    [Test]
    public void ErrorsHaveTheManagedEnginesClasses()
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, Shape.Unknown, "x"), y = graph.Placeholder(DType.Float32, Shape.Unknown, "y");
        Variable v = graph.GetVariable("v", new Shape(1));
        Tensor product = MathOps.MatMul(x, y);
        var other = new Graph();
        foreach (SessionOptions options in new[] { new SessionOptions(), Options })
        {
            using var session = new Session(graph, options);
            Assert.That(Code(() => session.Run(product, new Feeds { [x] = new NDArray(new float[6]).reshape(2, 3), [y] = new NDArray(new float[6]).reshape(2, 3) })), Is.EqualTo(RunErrorCode.InvalidArgument), $"{options.Engine}: shapes");
            Assert.That(Code(() => session.Run(product, new Feeds { [x] = new NDArray(new float[6]).reshape(2, 3) })), Is.EqualTo(RunErrorCode.InvalidArgument), $"{options.Engine}: not fed");
            Assert.That(Code(() => session.Run(v.Value)), Is.EqualTo(RunErrorCode.FailedPrecondition), $"{options.Engine}: no value");
            Assert.Throws<GraphException>(() => session.Run(other.Constant(1f)));
            using var cancelled = new CancellationTokenSource();
            cancelled.Cancel();
            Assert.That(() => session.Run(product, new Feeds { [x] = new NDArray(new float[4]).reshape(2, 2), [y] = new NDArray(new float[4]).reshape(2, 2) }, cancelled.Token), Throws.InstanceOf<OperationCanceledException>());
            session.Dispose();
            Assert.Throws<ObjectDisposedException>(() => session.Run(v.Value));
        }
    }

    [Test]
    public void StringsAreFedFetchedAndConstant()
    {
        var graph = new Graph();
        Tensor fed = ArrayOps.Identity(graph.Placeholder(DType.String, Shape.Scalar, "text"));
        string[] texts = ["", "short", "of more than twenty-two bytes, so that it is not stored in place"];
        using var session = new Session(graph, Options);
        foreach (string text in texts)
        {
            Tensor constant = ArrayOps.Identity(graph.Constant(TensorData.OfText(text)));
            NDArray[] values = session.Run([fed, constant], new Feeds { [graph.GetTensor("text:0")] = StringValues.FromText(text) });
            Assert.That(values.Select(StringValues.ToText), Is.All.EqualTo(text));
        }

        Tensor many = ArrayOps.Identity(graph.Constant(TensorData.OfText(texts)));
        Assert.That(Code(() => session.Run(many)), Is.EqualTo(RunErrorCode.Unimplemented));
    }

    [Test]
    public void AnOpOfOnesOwnIsRefusedByName()
    {
        var graph = new Graph();
        Tensor x = graph.Constant(1f), own = graph.Add(new Own(), [x], "mine");
        using var session = new Session(graph, Options);
        RunException? error = Assert.Throws<RunException>(() => session.Run(own));
        Assert.That(error!.Code, Is.EqualTo(RunErrorCode.Unimplemented));
        Assert.That(error.Message, Does.Contain("TestsOwnOp mine"));
        Assert.That(session.Run(x).GetAtIndex<float>(0), Is.EqualTo(1), "what does not need it runs");
    }

    [Test]
    public void ManyThreadsRunAtOnce()
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, Shape.Scalar, "x");
        Variable sum = graph.GetVariable("sum", Shape.Scalar, initializer: Initializer.Zeros);
        Tensor square = MathOps.Square(x);
        Tensor add = StateOps.AssignAdd(sum.Reference, x);
        using var session = new Session(graph, Options);
        session.Run(graph.GlobalVariablesInitializer());
        Parallel.For(0, 200, i =>
        {
            Assert.That(session.Run(square, new Feeds { [x] = (float)i }).GetAtIndex<float>(0), Is.EqualTo(i * (float)i));
            session.Run(add.Op, new Feeds { [x] = 1f });
        });
        Assert.That(session.Run(sum.Value).GetAtIndex<float>(0), Is.EqualTo(200));
    }

    [Test]
    public void DeviceScopesReachTensorFlow()
    {
        var graph = new Graph();
        Tensor far;
        using (graph.Device("/gpu:7")) far = graph.Constant(1f) + 2;
        using var session = new Session(graph, Options);
        Assert.That(Code(() => session.Run(far)), Is.EqualTo(RunErrorCode.InvalidArgument), "there is no such device");
        using var soft = new Session(graph, Options with { AllowSoftPlacement = true });
        Assert.That(soft.Run(far).GetAtIndex<float>(0), Is.EqualTo(3));
    }

    [Test]
    public void BeingPlacedBesideAVariableIsStrongerThanADeviceScope()
    {
        var graph = new Graph();
        Variable v;
        using (graph.Device("/job:ps/task:0")) v = graph.GetVariable("v", new Shape(2));
        Tensor sum, added;
        using (graph.Device("/job:worker/task:1"))
        {
            sum = v.Value + 1;
            added = StateOps.AssignAdd(v.Reference, sum);
        }

        Assert.That((v.Op.Device, v.Initializer.Device, v.Value.Op.Device, added.Op.Device), Is.EqualTo(("/job:ps/task:0", "/job:ps/task:0", "/job:ps/task:0", "/job:ps/task:0")));
        Assert.That(sum.Op.Device, Is.EqualTo("/job:worker/task:1"));
    }

    [Test]
    public void AGpuThatIsNotThereIsNamed()
    {
        if (TensorFlowLibrary.GetDevices().Any(device => device.Type == "GPU")) Assert.Ignore("There is a GPU here.");
        AlexNetException? error = Assert.Throws<AlexNetException>(() => new Session(new Graph(), Options with { Device = "gpu" }).Dispose());
        Assert.That(error!.Message, Does.Contain("CPU:0").And.Contain("GPU"));
        Assert.Throws<AlexNetException>(() => new Session(new Graph(), Options with { Device = "tpu" }).Dispose());
        Assert.Throws<AlexNetException>(() => new Session(new Graph(), new SessionOptions { Device = "gpu" }).Dispose());
        Assert.Throws<AlexNetException>(() => new Session(new Graph(), new SessionOptions { Target = "grpc://localhost:1" }).Dispose());
    }

    [Test]
    public void OptionsReachTensorFlowsConfiguration()
    {
        var config = SessionConfig.Of(new SessionOptions { Threads = 3, Device = "gpu:2", GpuMemoryGrowth = true, GpuMemoryFraction = 0.25, AllowSoftPlacement = true });
        Assert.That((config.IntraOpParallelismThreads, config.InterOpParallelismThreads, config.AllowSoftPlacement), Is.EqualTo((3, 3, true)));
        Assert.That((config.GpuOptions.AllowGrowth, config.GpuOptions.PerProcessGpuMemoryFraction, config.GpuOptions.VisibleDeviceList), Is.EqualTo((true, 0.25, "2")));
        Assert.That(SessionConfig.Of(new SessionOptions { Device = "cpu" }).DeviceCount["GPU"], Is.EqualTo(0));
    }

    internal static RunErrorCode Code(Action run) => Assert.Throws<RunException>(run)!.Code;

    private sealed class Own : OpDef
    {
        public override string Type => "TestsOwnOp";

        public override Gradient Gradient => Gradient.None("it is a test's");

        public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs) => [inputs[0]];

        public override Kernel CreateKernel(KernelSpec spec) => Kernel.Alias();
    }
}
