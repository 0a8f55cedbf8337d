using AlexNetTF;
using NumSharp;
using DType = AlexNetTF.DType;
using Shape = AlexNetTF.Shape;

// The article's test_image, step by step: build the graph, load the weights, recognise pictures.
// Usage: TestImage WEIGHTS PICTURE...
if (args.Length < 2)
{
    Console.Error.WriteLine("usage: TestImage bvlc_alexnet.npy PICTURE...");
    return 2;
}

// The article feeds the classifier one picture at a time; here the batch stays open.
var graph = new Graph();
Tensor x = graph.Placeholder(DType.Float32, new Shape(null, 227, 227, 3), "x");
Tensor keepProb = graph.Placeholder(DType.Float32, Shape.Scalar, "keep_prob");
var net = new AlexNet(x, keepProb, Labels.ImageNet.Count, skipLayer: "", weightsPath: args[0]);
Tensor best = MathOps.ArgMax(net.Fc8, 1);

using var session = new Session(graph);
session.Run(graph.GlobalVariablesInitializer());
Console.WriteLine(net.LoadWeights(session));

foreach (string path in args[1..])
{
    // The article subtracts nothing here and keeps dropout at 0.5; with the weights' own mean and no dropout the answers are right.
    NDArray picture = ImageInput.Load(path, Preprocessing.Bvlc);
    NDArray[] results = session.Run([best, net.Probabilities], new Feeds { [x] = picture, [keepProb] = 1f });
    int index = (int)results[0].GetInt64(0);
    Console.WriteLine($"{Path.GetFileName(path)}: {Labels.ImageNet[index]} ({results[1].GetSingle(0, index):P1})");
}

return 0;
