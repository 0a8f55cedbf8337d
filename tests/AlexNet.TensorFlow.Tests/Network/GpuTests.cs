namespace AlexNetTF.TensorFlow.Tests;

/// <summary>The network on a GPU; skipped with the reason where TensorFlow shows none.</summary>
[Category("Gpu")]
public class GpuTests : NeedsTensorFlow
{
    private static readonly SessionOptions Gpu = new() { Engine = Engine.TensorFlow, Device = "gpu", GpuMemoryGrowth = true, AllowSoftPlacement = true };

    [OneTimeSetUp]
    public void RequireGpu()
    {
        IReadOnlyList<TensorFlowDevice> devices = TensorFlowLibrary.GetDevices();
        if (devices.All(device => device.Type != "GPU")) Assert.Ignore($"TensorFlow {TensorFlowLibrary.Version} shows no GPU, only {string.Join(", ", devices.Select(device => device.Name))}.");
    }

    [Test]
    public void ForwardAndOneTrainingStep()
    {
        var net = new TrainedNet(Topology.Article);
        using Session ours = net.Open(new SessionOptions()), theirs = net.Open(Gpu);
        NetTests.Close(ours.Run(net.Layers.Fc8, net.Feeds(1)), theirs.Run(net.Layers.Fc8, net.Feeds(1)), "fc8", 1e-4);
        ours.Run(net.Train, net.Feeds(1));
        theirs.Run(net.Train, net.Feeds(1));
        Variable weights = net.Layers.Graph.TrainableVariables().Single(variable => variable.Op.Name == "fc8/weights");
        NetTests.Close(ours.Run(weights.Value), theirs.Run(weights.Value), weights.Name, 1e-4);
    }
}
