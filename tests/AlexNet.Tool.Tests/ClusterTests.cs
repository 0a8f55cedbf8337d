using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using AlexNetTF.Testing;

namespace AlexNetTF.Tool.Tests;

/// <summary>alexnet finetune --cluster: a parameter server and two workers as processes on the loopback address.</summary>
public class ClusterTests
{
    private const int Epochs = 30, PerClass = 6;
    private static readonly string[] Classes = ["bag", "sneaker", "trouser"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private TempFolder folder = null!;
    private string cluster = null!;

    [SetUp]
    public void WriteCluster()
    {
        folder = new TempFolder();
        string[] addresses = [.. Loopback.FreePorts(3).Select(port => $"127.0.0.1:{port}")];
        cluster = folder["cluster.json"];
        File.WriteAllText(cluster, JsonSerializer.Serialize(new Dictionary<string, string[]> { ["ps"] = addresses[..1], ["worker"] = addresses[1..] }));
    }

    [TearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public async Task AChiefThatIsKilledAndStartedAgainGoesOnFromTheServersVariables()
    {
        if (!TensorFlowLibrary.IsAvailable(out string problem)) Assert.Ignore(problem);
        var running = new List<Process>();
        try
        {
            Process server = Start(running, "ps", 0), worker = Start(running, "worker", 1, "--json"), chief = Start(running, "worker", 0, "--jsonl", "--threads", "2");
            var answer = worker.StandardOutput.ReadToEndAsync();
            List<JsonElement> before = [];
            while (before.Count < 3 && await chief.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line) before.Add(Parse(line));
            Assert.That(before, Has.Count.EqualTo(3), "the chief's first epochs");
            chief.Kill();
            await chief.WaitForExitAsync();

            Process again = Start(running, "worker", 0, "--jsonl");
            string lines = await again.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
            await again.WaitForExitAsync();
            await worker.WaitForExitAsync().WaitAsync(Patience);
            Assert.That((again.ExitCode, worker.ExitCode), Is.EqualTo((0, 0)));
            JsonElement[] after = [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
            JsonElement part = Parse(await answer);

            Assert.That(after[0].GetProperty("step").GetInt64(), Is.GreaterThan(before[^1].GetProperty("step").GetInt64()), "the step went on");
            Assert.That(after[0].GetProperty("training").GetProperty("loss").GetDouble(), Is.LessThan(before[0].GetProperty("training").GetProperty("loss").GetDouble()), "so did the weights");
            Assert.That(after[^1].GetProperty("epoch").GetInt32(), Is.EqualTo(Epochs));
            Assert.That(part.GetProperty("steps").GetInt64(), Is.GreaterThan(0).And.LessThan(after[^1].GetProperty("step").GetInt64()), "both workers have trained");
            Assert.That(File.Exists(folder["run/report.html"]), Is.True);

            using Process kill = Process.Start("kill", ["-INT", server.Id.ToString(CultureInfo.InvariantCulture)]);
            await server.WaitForExitAsync().WaitAsync(Patience);
            Assert.That(server.ExitCode, Is.EqualTo(0), "a parameter server ends in order");
        }
        finally
        {
            foreach (Process process in running)
            {
                if (!process.HasExited) process.Kill();
                process.Dispose();
            }
        }

        JsonElement answers = Alexnet.Run("classify", Directory.GetFiles(Path.Combine(Pictures(), Classes[0]))[0], "--checkpoint", folder["run"], "--json").Json();
        Assert.That(answers[0].GetProperty("predictions")[0].GetProperty("label").GetString(), Is.EqualTo(Classes[0]));
    }

    [TestCase("--cluster needs --job", "--cluster", "$")]
    [TestCase("use ps or worker", "--cluster", "$", "--job", "master", "--task", "0")]
    [TestCase("needs --task, the process's number in job worker", "--cluster", "$", "--job", "worker")]
    [TestCase("It has ps 0 to 0, worker 0 to 1", "--cluster", "$", "--job", "worker", "--task", "2")]
    [TestCase("leave it out", "--cluster", "$", "--job", "worker", "--task", "0", "--engine", "managed", "--train", "x", "--seed", "1")]
    [TestCase("needs --cluster FILE", "--job", "ps")]
    public void ContradictionsAreBadUsage(string says, params string[] arguments)
    {
        ChildResult result = Alexnet.Run(["finetune", .. arguments.Select(argument => argument == "$" ? cluster : argument)]);
        Assert.That(result.ExitCode, Is.EqualTo(2), result.All);
        Assert.That(result.Error, Does.Contain(says));
    }

    [Test]
    public void WhatIsNotThereIsNamed()
    {
        File.WriteAllText(folder["bad.json"], "{\"ps\": 3}");
        ChildResult bad = Alexnet.Run("finetune", "--cluster", folder["bad.json"], "--job", "ps", "--task", "0");
        Assert.That(bad.ExitCode, Is.EqualTo(1), bad.All);
        Assert.That(bad.Error, Does.Contain("bad.json").And.Contain("host:port"));
        if (!TensorFlowLibrary.IsAvailable(out string problem)) Assert.Ignore(problem);

        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        File.WriteAllText(folder["taken.json"], $$"""{"ps": ["127.0.0.1:{{port}}"], "worker": ["127.0.0.1:1"]}""");
        ChildResult second = Alexnet.Run("finetune", "--cluster", folder["taken.json"], "--job", "ps", "--task", "0");
        ChildResult alone = Alexnet.Run(["finetune", .. Arguments("worker", 1), "--wait", "1"]);

        Assert.That((second.ExitCode, alone.ExitCode), Is.EqualTo((1, 1)), second.All + alone.All);
        Assert.That(second.Error, Does.Contain($"port {port}"));
        Assert.That(alone.Error, Does.Contain("Parameter server 0").And.Contain("--job ps"));
    }

    private static JsonElement Parse(string line) => JsonDocument.Parse(line).RootElement;

    private Process Start(List<Process> running, string job, int task, params string[] more)
    {
        Process process = Alexnet.Start(["finetune", .. Arguments(job, task), .. more]);
        running.Add(process);
        process.ErrorDataReceived += (_, line) => TestContext.Progress.WriteLine($"{job} {task}: {line.Data}");
        process.BeginErrorReadLine();
        return process;
    }

    private string[] Arguments(string job, int task) =>
    [
        "--cluster", cluster, "--job", job, "--task", task.ToString(CultureInfo.InvariantCulture),
        "--train", Pictures(), "--seed", "1", "--epochs", Epochs.ToString(CultureInfo.InvariantCulture), "--batch", "3", "--output", folder["run"],
    ];

    private string Pictures()
    {
        string target = folder["pictures"];
        foreach (string name in Classes.Where(name => !Directory.Exists(Path.Combine(target, name))))
        {
            Directory.CreateDirectory(Path.Combine(target, name));
            string[] pictures = Directory.GetFiles(Path.Combine(Alexnet.Sample("demo/fashion"), "train", name));
            foreach (string picture in pictures.Order(StringComparer.Ordinal).Take(PerClass)) File.Copy(picture, Path.Combine(target, name, Path.GetFileName(picture)));
        }

        return target;
    }
}
