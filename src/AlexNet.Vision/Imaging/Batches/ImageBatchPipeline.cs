using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using NumSharp;

namespace AlexNetTF.Imaging;

/// <summary>
/// Reads, decodes and preprocesses pictures on worker threads ahead of a consumer: requests → batches of them, in order
/// → one job a picture → the batch, when all its jobs are done. A bounded channel at each arrow holds the producer back.
/// </summary>
internal sealed class ImageBatchPipeline
{
    private readonly Preprocessing preprocessing;
    private readonly ImageBatchOptions options;
    private readonly ConcurrentBag<NDArray> pool = [];

    /// <summary>A pipeline; it may be read many times, one after the other or at once.</summary>
    /// <exception cref="AlexNetException">The preprocessing or an option is out of range.</exception>
    internal ImageBatchPipeline(Preprocessing preprocessing, ImageBatchOptions? options = null)
    {
        this.preprocessing = preprocessing.Validated();
        this.options = (options ?? new()).Validated();
    }

    /// <summary>
    /// The batches in the order of the requests. A picture that cannot be used is an item with an error; an error of
    /// the enumeration itself ends the batches. The consumer disposes each batch.
    /// </summary>
    internal async IAsyncEnumerable<ImageBatch> ReadAsync(IEnumerable<ImageRequest> requests, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        int workers = options.Workers > 0 ? options.Workers : Environment.ProcessorCount;
        var batches = Channel.CreateBounded<ImageBatch>(options.Ahead);
        var jobs = Channel.CreateBounded<Job>(2 * workers);
        Task[] tasks =
        [
            Task.Run(() => ProduceAsync(requests, batches.Writer, jobs.Writer, stop.Token), CancellationToken.None),
            .. Enumerable.Range(0, workers).Select(_ => Task.Run(() => WorkAsync(jobs.Reader, stop.Token), CancellationToken.None)),
        ];
        try
        {
            await foreach (ImageBatch batch in batches.Reader.ReadAllAsync(stop.Token).ConfigureAwait(false))
            {
                await batch.Done.WaitAsync(stop.Token).ConfigureAwait(false);
                batch.Compact();
                yield return batch;
            }
        }
        finally
        {
            // No worker may write into memory that a consumer believes to be free.
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Errors reach the consumer through the channel of batches.
    private async Task ProduceAsync(IEnumerable<ImageRequest> requests, ChannelWriter<ImageBatch> batches, ChannelWriter<Job> jobs, CancellationToken stop)
    {
        ImageBatch? batch = null;
        try
        {
            foreach (ImageRequest[] chunk in requests.Chunk(options.BatchSize))
            {
                batch = new ImageBatch(chunk, preprocessing, pool);
                await batches.WriteAsync(batch, stop).ConfigureAwait(false);
                batch.TakeMemory(options.BatchSize);
                for (int i = 0; i < chunk.Length; i++)
                    await jobs.WriteAsync(new(batch, i), stop).ConfigureAwait(false);
                batch = null;
            }

            batches.Complete();
        }
        catch (Exception error)
        {
            // A batch that lacks jobs would never be done.
            batch?.Fail(error);
            batches.Complete(error);
        }
        finally
        {
            jobs.Complete();
        }
    }

    private async Task WorkAsync(ChannelReader<Job> jobs, CancellationToken stop)
    {
        await foreach (Job job in jobs.ReadAllAsync(stop).ConfigureAwait(false))
        {
            try
            {
                job.Batch.Decode(job.Index, options.Limits);
            }
            catch (Exception error)
            {
                job.Batch.Fail(error);
            }
        }
    }

    private readonly record struct Job(ImageBatch Batch, int Index);
}
