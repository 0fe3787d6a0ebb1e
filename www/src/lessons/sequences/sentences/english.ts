/**
 * Short sentences by people who liked something, or did not. They were made up for this page and quote nobody.
 * Licence: CC0 1.0, https://creativecommons.org/publicdomain/zero/1.0/
 */
export const liked = `
I loved this film
I really liked the book
what a lovely evening
the food was wonderful
the soup was hot and good
we had a great time
a warm and funny story
the songs are beautiful
this is my favourite place
the teacher was kind and clear
my coffee was perfect
the room was clean and quiet
a brilliant little game
I laughed the whole way
the train was fast and quiet
it works very well
a great phone for the price
the bread was fresh and warm
I would read it again
we will come back soon
not bad at all
it was not boring
the film was never dull
I was not disappointed
the staff were friendly
a happy surprise
the ending was wonderful
this song makes me happy
it is worth every minute
the cake was so good
I enjoyed each page
the actors were brilliant
a clear and useful book
the view was beautiful
my children loved it
the bed was soft and warm
I could not stop reading
nothing was wrong with it
the walk was a delight
good food and kind people
a fine and honest film
the music was lovely
we enjoyed the show
the hotel was better than we hoped
this game is great fun
the tea was excellent
an excellent teacher
I am happy with this phone
the story was not slow at all
it never felt too long
the best meal this year
a charming old café
the garden was beautiful and quiet
I like how it looks
the pictures are bright and clear
a fun evening with friends
the fish was fresh
the price was fair
everything was clean
the lesson was clear and fun
you will love this place
I recommend this book
it was a joy to watch
the jokes were very funny
a great start and a better ending
the soup was not too salty
the waiter was kind to us
such a good day
the bus was clean and on time
it was cheap and good
I liked every song
an amazing concert
the play was amazing
my new shoes are perfect
this bike is light and fast
the water was warm and clear
the museum was worth the trip
what a brilliant idea
the battery lasts very well
the screen is bright and sharp
no problem at all
the service was not slow
we were not bored for a minute
I loved the garden
the pizza was excellent
this tea tastes wonderful
a sweet and funny film
a friendly town with good food
we liked the quiet room
the course was useful and fun
I learned a lot
the best teacher I had
the dog is sweet and friendly
a strong story with a warm heart
the seats were soft
it looks great and works well
I was happy to be there
the party was fun
this app is quick and useful
the rice was perfect
never a dull moment
the trip was a great success
a delightful surprise from the cook
I would buy it again
it was lovely and I want more
the day was bright and warm
the salad was fresh and good
not expensive and very good
the singer was wonderful
the whole family enjoyed it
the chair is light and strong
kind people and a clean kitchen
I love the colour
a truly great book
the picture made me smile
it made me laugh
we smiled all evening
the park is lovely in spring
the doctor was kind and quick
the help was quick and friendly
a perfect little shop
the toy is fun and strong
the book was not dull
the food was not bad
the soup was good and the bread was fresh
the room was quiet and the bed was soft
I am not disappointed at all
I was not sad for a minute
the teacher was not boring
the bus was not late
the phone is not slow
we did not hate it
the cook was kind
the hotel was clean and friendly
a good place and not expensive
the tea was not cold
I loved each minute of it
a useful app and easy to use
the lesson was not too long
good actors and a funny story
the film was good
the music was not too loud
the price was good
we had a wonderful meal
this was the best day
the soup was better than I feared
the shop was clean and the staff were kind
the garden was a joy
the story was good and the ending was better
a kind doctor and quick help
not too long and not too dull
everything works and nothing is broken
the rice was not burnt
the cake was not dry
this bag is light and cheap
the trip was no problem
the train was on time
we were not late
the toast was hot and fresh
the pictures made us smile
we will come back in spring
it never was too loud
I felt happy and warm
the talk never felt slow
cheap and clean and friendly
our waiter made us laugh
the pasta was not too dry
no disaster and no waste of time
a quick and cheap meal
so kind and so funny
a bright and warm room
the bike is not heavy
I would come again
my family loved the view
the songs were never too long
it was fun and not expensive
the best coffee in town
it was not a waste of time
the screen is not dark
it does not feel cheap and works well
we hoped for a good day and had one
I feared it was bad but it was good
this song makes me smile
the light was lovely
a good actor in a good play
please come back soon
the plane was on time
this party is fun
she made me smile and laugh
the coffee was never cold
light and strong shoes
the boat was fast and quiet
the cook made good soup
it feels good and looks good
such a fun trip
never late and never rude
the jokes made us smile
we came back very happy
the house is light and warm
the talk was not too long
it works and it is cheap
the river was clear and quiet
`;

export const disliked = `
I hated this film
I did not like the book
what a terrible evening
the food was awful
the soup was cold and bad
we had a bad time
a cold and boring story
the songs are dull
this is the worst place
the teacher was rude and unclear
my coffee was cold
the room was dirty and loud
a stupid little game
I was bored the whole way
the train was late and loud
it does not work
a bad phone for the price
the bread was old and hard
I would not read it again
we will never come back
not good at all
it was not funny
the film was never good
I was very disappointed
the staff were rude
a sad surprise
the ending was terrible
this song makes me sad
it is a waste of time
the cake was so dry
I disliked each page
the actors were awful
a dull and useless book
the view was ugly
my children hated it
the bed was hard and cold
I could not finish it
everything was wrong with it
the walk was a disaster
bad food and rude people
a weak and stupid film
the music was loud and ugly
we did not enjoy the show
the hotel was worse than we feared
this game is no fun
the tea was horrible
a horrible teacher
I am not happy with this phone
the story was slow and dull
it felt far too long
the worst meal this year
a dirty old café
the garden was ugly and loud
I do not like how it looks
the pictures are dark and unclear
a boring evening with nobody
the fish was old
the price was far too high
nothing was clean
the lesson was unclear and boring
you will hate this place
I do not recommend this book
it was a pain to watch
the jokes were not funny
a bad start and a worse ending
the soup was too salty
the waiter was rude to us
such a bad day
the bus was dirty and late
it was expensive and bad
I disliked every song
an awful concert
the play was horrible
my new shoes are too small
this bike is heavy and slow
the water was cold and dirty
the museum was not worth the trip
what a stupid idea
the battery is weak
the screen is dark and broken
a problem every day
the service was slow
we were bored every minute
I hated the garden
the pizza was burnt
this tea tastes terrible
a sad and empty film
a cold town with bad food
we disliked the loud room
the course was useless and slow
I learned nothing
the worst teacher I had
the dog is loud and angry
a weak story with a cold heart
the seats were hard
it looks ugly and works badly
I was sad to be there
the party was boring
this app is slow and useless
the rice was burnt
never a good moment
the trip was a disaster
a horrible surprise from the cook
I would never buy it again
it was awful and I want no more
the day was dark and cold
the salad was old and bad
too expensive and not good
the singer was terrible
the whole family hated it
the chair is weak and broken
rude people and a dirty kitchen
I hate the colour
a truly bad book
the picture made me angry
it made me cry
we were angry all evening
the park is ugly in winter
the doctor was rude and late
the help was slow and rude
an awful little shop
the toy is broken and useless
the book was not good
the food was not fresh
the soup was bad and the bread was hard
the room was loud and the bed was hard
I am not happy at all
I was not happy for a minute
the teacher was not kind
the bus was not on time
the phone is not fast
we did not like it
the cook was rude
the hotel was dirty and unfriendly
a bad place and too expensive
the tea was not warm
I hated each minute of it
a useless app and hard to use
the lesson was too long
bad actors and a boring story
the film was bad
the music was too loud
the price was bad
we had a horrible meal
this was the worst day
the soup was worse than I hoped
the shop was dirty and the staff were rude
the garden was a disaster
the story was bad and the ending was worse
a rude doctor and slow help
too long and too dull
nothing works and everything is broken
the rice was burnt and hard
the cake was old and dry
this bag is heavy and expensive
the trip was a problem
the train was not on time
we were too late
the toast was burnt and dry
the pictures made us sad
we will not come back
it always was too loud
I felt sad and cold
the talk felt slow
expensive and dirty and rude
our waiter made us angry
the pasta was dry and burnt
a disaster and a waste of time
a slow and expensive meal
so rude and so dull
a dark and cold room
the bike is too heavy
I would not come again
my family hated the view
the songs were far too long
it was no fun and expensive
the worst coffee in town
it was no joy at all
the screen is too dark
it feels cheap and does not work well
we hoped for a good day and had a bad one
I hoped it was good but it was bad
this song makes me angry
the light was too weak
a bad actor in a bad play
please never come back
the plane was not on time
this party is no fun
she made me cry
the coffee was never warm
heavy and ugly shoes
the boat was slow and loud
the cook made bad soup
it feels bad and looks bad
such a boring trip
always late and always rude
the jokes made us angry
we came back very sad
the house is dark and cold
the talk was far too long
it does not work and it is expensive
the river was dirty and loud
`;
