using System.Reflection;
using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>How a call of a method is built, by what the method returns.</summary>
/// <param name="CallBase">The base of its call class.</param>
/// <param name="IsPooled">Whether calls are used again.</param>
/// <param name="ToValueTask">
/// Makes the <see cref="ValueTask{TResult}"/> that calls work with of what the method returns; null if it is one.
/// </param>
/// <param name="Send">The method of <see cref="GrainReference"/> that sends a call.</param>
/// <param name="ReturnedInstead">See <see cref="CallClass"/>.</param>
internal sealed record ReturnShape(
    Type CallBase, bool IsPooled, MethodInfo? ToValueTask, MethodInfo Send, MethodInfo? ReturnedInstead)
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    public static ReturnShape Of(MethodInfo method, GrainMethod description)
    {
        var returned = method.ReturnType;
        var definition = DefinitionOf(returned);
        var result = returned.IsGenericType ? returned.GetGenericArguments()[0] : typeof(Unit);
        var isTask = definition == typeof(Task) || definition == typeof(Task<>);
        if (!isTask && definition != typeof(ValueTask) && definition != typeof(ValueTask<>) && definition != typeof(void))
        {
            throw new NotSupportedException($"{description.Name} returns {returned}: a grain method returns Task or ValueTask.");
        }

        var convert = definition == typeof(ValueTask<>) ? null : ConversionOf(definition, result);
        if (description.IsOneWay)
        {
            return new ReturnShape(
                typeof(OneWayCall<>).MakeGenericType(result), IsPooled: false, convert,
                SendOf(typeof(Call)), returned == typeof(void) ? null : CompletedOf(returned, description));
        }

        return isTask
            ? new ReturnShape(
                typeof(TaskCall<>).MakeGenericType(result), IsPooled: false, convert,
                SendOf(typeof(TaskCall<>)).MakeGenericMethod(result), null)
            : new ReturnShape(
                typeof(ValueTaskCall<>).MakeGenericType(result), IsPooled: true, convert,
                returned.IsGenericType
                    ? SendOf(typeof(ValueTaskCall<>)).MakeGenericMethod(result)
                    : typeof(GrainReference).GetMethod(nameof(GrainReference.SendForCompletion), Any)!,
                null);
    }

    private static MethodInfo ConversionOf(Type definition, Type result)
    {
        var convert = typeof(Conversions).GetMethods().Single(method =>
            method.Name == nameof(Conversions.From)
            && (method.GetParameters() is [var parameter]
                ? DefinitionOf(parameter.ParameterType) == definition
                : definition == typeof(void)));
        return convert.IsGenericMethodDefinition ? convert.MakeGenericMethod(result) : convert;
    }

    private static MethodInfo SendOf(Type call) => typeof(GrainReference).GetMethods(Any).Single(method =>
        method.Name == nameof(GrainReference.Send)
        && DefinitionOf(method.GetParameters()[0].ParameterType) == call);

    private static Type DefinitionOf(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    private static MethodInfo CompletedOf(Type returned, GrainMethod description) =>
        (returned == typeof(Task) || returned == typeof(ValueTask)
            ? returned.GetProperty(nameof(Task.CompletedTask))?.GetMethod
            : null) ?? throw new NotSupportedException($"{description.Name} is one-way, so it has no result.");
}
