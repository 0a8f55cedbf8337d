using AlexNetTF;
using NumSharp;
using DType = AlexNetTF.DType;
using Shape = AlexNetTF.Shape;

// The article's trainModels, step by step with the graph API: fine-tune the last layers on pictures of one's own.
// Usage: Finetune TRAIN [WEIGHTS.npy] [EPOCHS] [RATE] [LAYERS]
// TRAIN is a list of paths and class numbers, or a folder with one folder of pictures per class, such as
// samples/demo/fashion/train. Without weights (or with -) the network starts from TensorFlow's initial values for seed 1.
if (args.Length < 1)
{
    Console.Error.WriteLine("usage: Finetune TRAIN.txt|FOLDER [bvlc_alexnet.npy|-] [epochs] [rate] [fc7,fc8]");
    return 2;
}

string? weights = args.ElementAtOrDefault(1) is { } given and not "-" ? given : null;
int epochs = int.Parse(args.ElementAtOrDefault(2) ?? "10");
// The article takes 0.01 and batches of 128; from untrained weights that diverges.
float learningRate = float.Parse(args.ElementAtOrDefault(3) ?? "0.001");
string[] trainLayers = (args.ElementAtOrDefault(4) ?? "fc8").Split(',');
const float Dropout = 0.5f;
const int BatchSize = 32;

// The data: everything is checked here, before the first step. A fifth of every class is kept to validate.
ImageDataset data = Directory.Exists(args[0]) ? ImageDataset.FromFolders(args[0]) : ImageDataset.FromList(args[0]);
(ImageDataset train, ImageDataset validation) = data.Split(validationShare: 0.2, seed: 1);
Console.WriteLine($"{train.Count} pictures to train, {validation.Count} to validate, {data.Classes} classes: {string.Join(", ", data.Labels)}");

// The graph: placeholders and the network. The layers that are trained are not loaded.
var graph = new Graph();
graph.SetRandomSeed(1);
Tensor x = graph.Placeholder(DType.Float32, new Shape(null, 227, 227, 3), "x");
Tensor y = graph.Placeholder(DType.Float32, new Shape(null, data.Classes), "y");
Tensor keepProb = graph.Placeholder(DType.Float32, Shape.Scalar, "keep_prob");
var net = new AlexNet(x, keepProb, data.Classes, trainLayers, weights ?? "");
Variable[] trained = [.. trainLayers.SelectMany(layer => graph.TrainableVariables(layer + "/"))];

// The loss, its gradients for the chosen layers, and one step of gradient descent.
Tensor loss, correct;
Operation step;
using (graph.NameScope("cross_ent"))
    loss = MathOps.Mean(Nn.SoftmaxCrossEntropyWithLogits(labels: y, logits: net.Fc8));
Tensor?[] gradients;
using (graph.NameScope("train"))
{
    gradients = Gradients.Compute(loss, trained);
    step = new GradientDescentOptimizer(learningRate).ApplyGradients(gradients.Zip(trained, (gradient, variable) => new GradientAndVariable(gradient, variable)));
}

// Right answers are counted, not averaged by batch: the last batch of an epoch is smaller than the others.
Tensor accuracy;
using (graph.NameScope("accuracy"))
{
    Tensor hits = MathOps.Cast(MathOps.Equal(MathOps.ArgMax(net.Fc8, 1), MathOps.ArgMax(y, 1)), DType.Float32);
    correct = MathOps.Sum(hits);
    accuracy = MathOps.Mean(hits);
}

// What TensorBoard shows: tensorboard --logdir tensorboard
foreach ((Tensor? gradient, Variable variable) in gradients.Zip(trained))
    Summary.Histogram(variable.Name + "/gradient", gradient!);
foreach (Variable variable in trained)
    Summary.Histogram(variable.Name, variable);
Summary.Scalar("cross_entropy", loss);
Summary.Scalar("accuracy", accuracy);
Tensor merged = Summary.MergeAll(graph)!;
var saver = new Saver(graph: graph, maxToKeep: 2);

using var session = new Session(graph);
session.Run(graph.GlobalVariablesInitializer());
if (weights is not null)
    Console.WriteLine(net.LoadWeights(session));

using var writer = new SummaryWriter("tensorboard", graph);
const int DisplayStep = 5;
long stepsDone = 0;
for (int epoch = 1; epoch <= epochs; epoch++)
{
    Console.WriteLine($"{DateTime.Now:T} epoch {epoch}");
    int number = 0;
    foreach (Batch batch in train.Batches(BatchSize, Preprocessing.Bvlc, flip: true, shuffle: true, seed: 1, epoch: epoch))
    {
        using (batch)
        {
            stepsDone++;
            session.Run(step, new Feeds { [x] = batch.Images, [y] = batch.OneHot, [keepProb] = Dropout });
            // After the step, without dropout, as in the article.
            if (++number % DisplayStep == 0)
            {
                var feeds = new Feeds { [x] = batch.Images, [y] = batch.OneHot, [keepProb] = 1f };
                NDArray[] now = session.Run([loss, accuracy, merged], feeds);
                writer.Add(now[2], stepsDone);
                Console.WriteLine($"  batch {number}: loss {now[0].GetSingle():F4}, accuracy {now[1].GetSingle():P1}");
            }
        }
    }

    double right = 0;
    foreach (Batch batch in validation.Batches(BatchSize, Preprocessing.Bvlc))
    {
        using (batch)
            right += session.Run(correct, new Feeds { [x] = batch.Images, [y] = batch.OneHot, [keepProb] = 1f }).GetSingle();
    }

    Console.WriteLine($"{DateTime.Now:T} validation accuracy {right / validation.Count:P1}; wrote {Save(epoch)} and {saver.Save(session, Path.Combine("checkpoints", "model_epoch.ckpt"), globalStep: epoch)}");
}

return 0;

// The trained layers as the dictionary that AlexNet, and the article's Python code, load.
string Save(int epoch)
{
    string path = $"finetuned-{epoch}.npy";
    WeightFile.WriteNpyDictionary(path, [.. trained.Select(variable =>
    {
        string[] name = variable.Op.Name.Split('/');
        NDArray value = session.Run(variable.Value);
        return new WeightValues(name[0], name[1], value.shape, value.ToArray<float>());
    })]);
    return path;
}
